import { useState } from 'preact/hooks';
import type { SimulatorReceived } from '#shared/api.ts';
import type { Attachment } from '#shared/message.ts';
import { clock } from '../../format.ts';
import { Icon } from '../../parts/icon.tsx';
import { sizeOf } from '../../parts/measures.ts';
import { say, t } from '../../text.ts';
import type { Customer } from './customers.ts';
import { type OwnLine, writeAgain } from './own-lines.ts';

/** What stands on the phone: written by its owner or by the desk. */
export type Line = ({ by: 'customer' } & OwnLine) | ({ by: 'desk' } & SimulatorReceived);

interface SayingProps {
  line: Line;
  customer: Customer;
  desk: string;
  /** First line of what it answers to, when that is held. */
  quoted: string | null;
  /** Answers to this line; null where the network has no quotes. */
  onQuote: (() => void) | null;
}

/** One message on the phone, with what it brings. */
export function Saying({ line, customer, desk, quoted, onQuote }: SayingProps) {
  const own = line.by === 'customer';
  const author = own ? say(t.phone.you, { name: customer.name }) : desk;
  const failed = own && line.state === 'failed';
  const removed = !own && line.removed;
  return (
    <div class={`saying ${own ? 'own' : 'theirs'}${failed ? ' failed' : ''}`}>
      <p class="author">{author}</p>
      <div class="text" dir="auto">
        {quoted !== null && (
          <p class="quoted cut">
            <span class="words">{t.phone.answersTo} </span>
            {quoted}
          </p>
        )}
        {!removed && line.attachments?.map((file) => <File key={file.id} file={file} />)}
        {removed ? <em>{t.phone.removed}</em> : line.text}
        <span class="meta">
          {!own && line.editedAt !== null && !removed && `${t.media.edited} `}
          {clock(line.at)}
          {own && line.state === 'sent' && <Icon name="check" size={12} />}
          {own && <span class="words">{t.phone[line.state === 'failed' ? 'notSent' : line.state]}</span>}
        </span>
        {onQuote !== null && !removed && (
          <button type="button" class="quotes" aria-label={t.media.quote} title={t.media.quote} onClick={onQuote}>
            <Icon name="reply" size={14} />
          </button>
        )}
      </div>
      {failed && (
        <p class="fault" role="alert">
          {line.why ?? t.phone.failed}{' '}
          <button type="button" onClick={() => writeAgain(customer, line)}>
            {t.parts.tryAgain}
          </button>
        </p>
      )}
    </div>
  );
}

/** A line in few words, for a quote of it. */
export function previewOf({ text, attachments = [] }: Pick<OwnLine, 'text' | 'attachments'>): string {
  const [first] = attachments;
  return text.split('\n', 1)[0] || (first ? t.media.kinds[first.kind] : '');
}

function File({ file }: { file: Attachment }) {
  const [failed, setFailed] = useState(false);
  const url = `/api/v1/media/${file.id}`;
  const lost = () => setFailed(true);
  if (file.thumbnail && !failed) {
    const { width, height } = file;
    const shape = width !== null && height !== null ? { aspectRatio: `${width} / ${height}` } : {};
    return (
      <a class="picture" href={url} target="_blank" rel="noopener">
        <img src={`${url}/thumbnail`} alt={`${t.media.kinds[file.kind]} ${file.name}`} style={shape} onError={lost} />
      </a>
    );
  }
  if ((file.kind === 'voice' || file.kind === 'audio') && !failed) {
    // biome-ignore lint/a11y/useMediaCaption: what was recorded has no captions
    return <audio src={url} controls preload="none" aria-label={t.media.kinds[file.kind]} onError={lost} />;
  }
  if (file.kind === 'video' && !failed) {
    const name = `${t.media.kinds.video} ${file.name}`;
    // biome-ignore lint/a11y/useMediaCaption: what people film has no captions
    return <video class="film" src={url} controls preload="metadata" playsInline aria-label={name} onError={lost} />;
  }
  return (
    <a class="file" href={`${url}?download`} download={file.name}>
      <Icon name="file" />
      <span class="words">{t.media.download} </span>
      <span class="cut">{file.name}</span>
      <span>{sizeOf(file.bytes)}</span>
    </a>
  );
}
