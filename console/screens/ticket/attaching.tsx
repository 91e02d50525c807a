import { useState } from 'preact/hooks';
import { type Carries, carries } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import type { TicketView } from '#shared/ticket.ts';
import { offlineSince } from '../../live.ts';
import { Button } from '../../parts/button.tsx';
import { FileChoice } from '../../parts/file-choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { limitOf, sizeOf } from '../../parts/measures.ts';
import { toast } from '../../parts/toast.tsx';
import { type Attaching, messagesFor, mostBytes } from '../../state/reply-files.ts';
import { say, t } from '../../text.ts';
import type { Given } from '../../upload.ts';
import { addFiles, canRetry, filesOf, removeFile, retryFile } from '../../uploads.ts';
import { DiscardRecording } from './discard-recording.tsx';
import { Player } from './player.tsx';
import './attaching.css';

/** What a reply in this ticket may carry; null when its channel takes no files. */
export function carriesOf({ channel }: TicketView): Carries | null {
  const given = channel === null ? null : carries[channel];
  return given === null || given.files === 0 ? null : given;
}

/** Takes files from wherever they come, and says when some had no room. */
export function take(ticket: TicketView, files: Iterable<File>): void {
  takeGiven(
    ticket,
    [...files].map((file) => ({ file })),
  );
}

/** Takes what was recorded into the reply. */
export function takeVoice(ticket: TicketView, { file, seconds }: { file: File; seconds: number }): void {
  takeGiven(ticket, [{ file, voice: { seconds } }]);
}

function takeGiven(ticket: TicketView, files: readonly Given[]): void {
  const given = carriesOf(ticket);
  if (given === null) return;
  const left = addFiles(ticket.id, files, given);
  if (left > 0) toast(say(t.media.tooMany, { most: limits.filesMost, n: left }), 'bad');
}

/** Opens the browser's choice of files. */
export function AttachButton({ ticket }: { ticket: TicketView }) {
  const given = carriesOf(ticket);
  if (given === null) return null;
  const limit = say(t.media.limit, { size: limitOf(mostBytes(given)) });
  return (
    <FileChoice label={t.media.attach} onFiles={(files) => take(ticket, files)}>
      {(open) => <Button kind="quiet" icon="clip" label={`${t.media.attach}. ${limit}`} onClick={open} />}
    </FileChoice>
  );
}

/** The files of the reply that is being written, each with how far it is and what can be done. */
export function AttachingList({ ticket }: { ticket: TicketView }) {
  const files = filesOf(ticket.id);
  const given = carriesOf(ticket);
  if (files.length === 0 || given === null) return null;
  // One that stays here counts for none.
  const going = files.filter(({ why, unanswered }) => why === null || unanswered);
  const messages = messagesFor(going.length, given.files);
  return (
    <div class="attaching">
      <ul aria-label={t.media.attachments}>
        {files.map((file) => (
          <One key={file.key} file={file} ticketId={ticket.id} />
        ))}
      </ul>
      {messages > 1 && <p>{say(t.media.becomes, { n: messages })}</p>}
    </div>
  );
}

function One({ file, ticketId }: { file: Attaching; ticketId: string }) {
  const { key, name, bytes, progress, attachment, voice } = file;
  // Without a connection nothing has gone wrong: it goes on by itself.
  const waits = file.unanswered && offlineSince.value !== null;
  const why = waits ? null : file.why;
  const [asking, setAsking] = useState(false);
  const percent = Math.round(progress * 100);
  const heard = voice && attachment !== null ? { ...attachment, url: `/api/v1/media/${attachment.id}` } : null;
  const remove = () => {
    removeFile(ticketId, key);
    document.getElementById('composer')?.focus();
  };
  return (
    <li class={why !== null ? 'stuck' : heard ? 'voice' : ''}>
      {heard ? null : attachment?.thumbnail ? (
        <img src={`/api/v1/media/${attachment.id}/thumbnail`} alt="" />
      ) : (
        <Icon name={why === null ? 'file' : 'warning'} size={20} />
      )}
      <span class="texts">
        {heard ? <Player item={heard} /> : <span class="cut">{voice ? t.media.kinds.voice : name}</span>}
        {why !== null && <span role="alert">{why}</span>}
        {why === null && attachment !== null && !heard && <span>{sizeOf(bytes)}</span>}
        {waits && <span role="status">{t.media.waits}</span>}
        {why === null && !waits && attachment === null && (
          <progress value={progress} aria-label={say(t.media.uploading, { name, n: percent })} />
        )}
      </span>
      {why !== null && canRetry(key) && (
        <Button kind="link" onClick={() => retryFile(ticketId, key)}>
          {t.ticket.tryAgain}
        </Button>
      )}
      <Button
        kind="quiet"
        compact
        icon="close"
        label={say(t.media.remove, { name: voice ? t.media.kinds.voice : name })}
        onClick={() => (voice ? setAsking(true) : remove())}
      />
      {asking && <DiscardRecording onDiscard={remove} onClose={() => setAsking(false)} />}
    </li>
  );
}
