import { useState } from 'preact/hooks';
import { abilitiesOf, carries } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import { limits } from '#shared/limits.ts';
import type { Attachment } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { FileChoice } from '../../parts/file-choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { say, t } from '../../text.ts';
import { upload } from '../../upload.ts';
import type { Customer } from './customers.ts';
import { type OwnLine, write } from './own-lines.ts';
import './writing.css';

/** Characters of one message, as the simulator takes it. */
const mostCharacters = 4_000;

interface Chosen {
  key: string;
  name: string;
  attachment: Attachment | null;
  why: string | null;
}

interface WritingProps {
  customer: Customer;
  quoting: OwnLine['replyTo'] | null;
  onUnquote: () => void;
  onWrite: () => void;
}

/** Where the customer writes, with files and a quote where their network has them. */
export function Writing({ customer, quoting, onUnquote, onWrite }: WritingProps) {
  const [text, setText] = useState('');
  const { files, take, drop, clear } = useFiles();
  const attachments = files.flatMap(({ attachment }) => attachment ?? []);
  const ready = attachments.length === files.length && (text.trim() !== '' || files.length > 0);
  const bears = abilitiesOf[customer.as].includes('files') && carries[customer.as].files > 0;
  const send = () => {
    if (!ready) return;
    const along = { ...(files.length > 0 ? { attachments } : {}), ...(quoting ? { replyTo: quoting } : {}) };
    write(customer, { text: text.trim(), ...along });
    setText('');
    clear();
    onUnquote();
  };
  const placeholder = say(t.phone.placeholder, { name: customer.name });
  return (
    <form
      class="writing"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {quoting && (
        <p class="along">
          <Icon name="reply" size={14} />
          <span class="cut">{quoting.preview}</span>
          <Out label={t.media.unquote} onClick={onUnquote} />
        </p>
      )}
      {files.map(({ key, name, attachment, why }) => (
        <p key={key} class={why === null ? 'along' : 'along stuck'} role={why === null ? undefined : 'alert'}>
          <Icon name={why === null ? 'file' : 'warning'} size={14} />
          <span class="cut">{why ?? name}</span>
          {attachment === null && why === null && <span role="status">{t.phone.sending}</span>}
          <Out label={say(t.media.remove, { name })} onClick={() => drop(key)} />
        </p>
      ))}
      {bears && <Attach onFiles={take} />}
      <textarea
        class="input"
        rows={customer.as === 'email' ? 3 : 1}
        value={text}
        maxLength={mostCharacters}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={(event) => {
          onWrite();
          setText(event.currentTarget.value);
        }}
        onPaste={(event) => {
          const pasted = [...(event.clipboardData?.files ?? [])];
          if (!bears || pasted.length === 0) return;
          event.preventDefault();
          take(pasted);
        }}
        onKeyDown={(event) => {
          // While a word is being composed, Enter belongs to the input method.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" aria-label={t.phone.send} disabled={!ready}>
        <svg aria-hidden="true" viewBox="0 0 24 24">
          <path d="M4 12l16-8-6 16-3-6-7-2Z" />
        </svg>
      </button>
    </form>
  );
}

function Out({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="out" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" size={14} />
    </button>
  );
}

function Attach({ onFiles }: { onFiles: (files: File[]) => void }) {
  const label = t.phone.attach;
  return (
    <FileChoice label={label} onFiles={onFiles}>
      {(open) => (
        <button type="button" class="attach" aria-label={label} title={label} onClick={open}>
          <Icon name="clip" />
        </button>
      )}
    </FileChoice>
  );
}

/** Files that were chosen for the next message; each is uploaded at once. */
function useFiles() {
  const [files, setFiles] = useState<readonly Chosen[]>([]);
  const change = (key: string, fields: Partial<Chosen>) =>
    setFiles((now) => now.map((file) => (file.key === key ? { ...file, ...fields } : file)));
  const bring = async (key: string, file: File) => {
    try {
      const stays = new AbortController();
      change(key, { attachment: await upload({ file }, () => undefined, stays.signal) });
    } catch (error) {
      change(key, { why: explain(error) });
    }
  };
  const take = (chosen: File[]) => {
    for (const file of chosen.slice(0, limits.filesMost - files.length)) {
      const key = newClientId();
      setFiles((now) => [...now, { key, name: file.name, attachment: null, why: null }]);
      unattended(bring(key, file), 'simulated file');
    }
  };
  const drop = (key: string) => setFiles((now) => now.filter((file) => file.key !== key));
  return { files, take, drop, clear: () => setFiles([]) };
}
