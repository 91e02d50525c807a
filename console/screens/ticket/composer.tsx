import { useEffect, useRef, useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { draftOf, keepDraft, type Mode } from '../../drafts.ts';
import { dateTime } from '../../format.ts';
import { useKeys } from '../../keys.ts';
import { enqueue, type With } from '../../outbox.ts';
import { Button } from '../../parts/button.tsx';
import { toast } from '../../parts/toast.tsx';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { keepQuoting, quotingOf } from '../../state/quoting.ts';
import { isReady } from '../../state/reply-files.ts';
import { say, t } from '../../text.ts';
import { filesOf, removeFile, restoreFiles } from '../../uploads.ts';
import { recordingIn, wantedText } from './acting.ts';
import { AttachButton, AttachingList, carriesOf, take } from './attaching.tsx';
import { editLast } from './by-key.ts';
import { useDrop } from './drop.tsx';
import { EmojiButton } from './emoji-button.tsx';
import { QuotingLine } from './quoting-line.tsx';
import { hearsVoice, RecordingBar, VoiceButton } from './voice-button.tsx';
import { inserted, Length, useDraft, useGrowing } from './writing-field.tsx';
import './composer.css';

/** Where replies and internal notes are written. It belongs to one ticket: its text never shows up in another. */
export function Composer({ ticket }: { ticket: TicketView }) {
  const by = me.value;
  const replies = Boolean(by && may(by, 'reply', ticket));
  const peeking = ticket.closedAt === null && ticket.agentId === null;
  const [mode, setMode] = useState<Mode>(replies ? 'reply' : 'note');
  const field = useRef<HTMLTextAreaElement>(null);
  const enter = (next: Mode) => {
    setMode(next);
    // Where nobody has taken it yet there is no field; then the button that takes it.
    requestAnimationFrame(() => (field.current ?? document.querySelector<HTMLElement>('.peek .button'))?.focus());
  };
  const speaks = replies && ticket.closedAt === null && !peeking && hearsVoice(ticket);
  const record = () => {
    setMode('reply');
    recordingIn.value = ticket.id;
  };
  useKeys({ r: () => enter('reply'), n: () => enter('note'), ...(speaks ? { m: record } : {}) });
  const wanted = wantedText.value;
  useEffect(() => {
    if (wanted?.ticketId !== ticket.id) return;
    const kept = draftOf(ticket.id, wanted.mode);
    const texts = [kept, wanted.text].filter((text) => text.trim() !== '');
    keepDraft(ticket.id, wanted.mode, texts.join('\n'));
    restoreFiles(ticket.id, wanted.attachments ?? []);
    if (wanted.replyTo) keepQuoting(ticket.id, wanted.replyTo);
    wantedText.value = null;
    enter(wanted.mode);
  }, [wanted]);
  useDrop(ticket, whyNoFiles(ticket, mode, replies));
  const silent = mode === 'reply' ? silence(ticket, replies) : null;
  // Nobody has taken it: the bar above says so, and only a note can be written before.
  if (peeking && mode === 'reply' && replies) return null;
  return (
    <section
      class={mode === 'note' ? 'composer note' : 'composer'}
      aria-label={mode === 'note' ? t.ticket.note : t.ticket.reply}
    >
      <div class="modes">
        {(['reply', 'note'] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="mode"
            aria-pressed={mode === name}
            title={`${t.ticket[name]} (${name === 'reply' ? 'r' : 'n'})`}
            onClick={() => enter(name)}
          >
            {t.ticket[name]}
          </button>
        ))}
        {mode === 'note' && <span class="note-hint">{t.ticket.noteHint}</span>}
      </div>
      {silent !== null ? (
        <p class="silent">{silent}</p>
      ) : (
        <Writing key={mode} ticket={ticket} mode={mode} field={field} />
      )}
    </section>
  );
}

/** Why no reply can be written here, null when one can. */
function silence(ticket: TicketView, replies: boolean): string | null {
  if (ticket.closedAt !== null) {
    const values = { time: dateTime(ticket.closedAt), name: ticket.closedBy?.name ?? '' };
    return `${say(t.ticket.closedComposer, values)} ${t.ticket.closedNotes}`;
  }
  return replies ? null : t.ticket.replyForbidden;
}

/** Why no file can be attached now, null when one can. */
function whyNoFiles(ticket: TicketView, mode: Mode, replies: boolean): string | null {
  const { closed, take: taken, note, channel } = t.media.drop;
  if (ticket.closedAt !== null) return closed;
  if (!replies) return t.ticket.replyForbidden;
  if (carriesOf(ticket) === null) return channel;
  if (ticket.agentId === null) return taken;
  return mode === 'note' ? note : null;
}

interface WritingProps {
  ticket: TicketView;
  mode: Mode;
  field: { current: HTMLTextAreaElement | null };
}

function Writing({ ticket, mode, field }: WritingProps) {
  const [text, setText] = useDraft(ticket.id, mode);
  useGrowing(field, text);
  const limit = mode === 'note' ? limits.noteCharacters : limits.replyCharacters;
  const reply = mode === 'reply';
  const record = reply && ticket.channel === null;
  const more = reply ? goingAlong(ticket.id) : {};
  const blocked = reply && !isReady(filesOf(ticket.id)) ? t.media.notReady : null;
  const sending = useRef(false);
  const submit = async () => {
    const { attachments = [] } = more;
    if (sending.current || text.length > limit || blocked !== null) return;
    if (text.trim() === '' && attachments.length === 0) return;
    sending.current = true;
    try {
      await enqueue(ticket.id, mode, text.trim() === '' ? '' : text, more);
      // What was typed, attached or quoted while it was being kept belongs to the next one.
      const now = draftOf(ticket.id, mode);
      setText(now.startsWith(text) ? now.slice(text.length) : now);
      if (reply) leaveOut(ticket.id, more);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      toast(t.app.noStorage, 'bad');
    } finally {
      sending.current = false;
    }
  };
  const send = () => unattended(submit(), 'enqueue');
  const placeholder = mode === 'note' ? t.ticket.writeNote : record ? t.ticket.writeRecord : t.ticket.writeReply;
  return (
    <>
      {reply && <QuotingLine ticketId={ticket.id} />}
      {reply && <AttachingList ticket={ticket} />}
      {reply && <RecordingBar ticket={ticket} />}
      <textarea
        ref={field}
        id="composer"
        class="input"
        rows={2}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (!reply || files.length === 0 || carriesOf(ticket) === null) return;
          event.preventDefault();
          take(ticket, files);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'ArrowUp' && reply && text === '' && editLast(ticket.id)) event.preventDefault();
          // 229: the Enter that ends a composition in some browsers.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="tools">
        {reply && <AttachButton ticket={ticket} />}
        {reply && <VoiceButton ticket={ticket} />}
        <EmojiButton onEmoji={(emoji) => setText(inserted(field.current, text, emoji))} />
        <Length n={text.length} limit={limit} />
        <span class="rest" />
        <span class="enter-hint">{mode === 'note' || record ? t.ticket.enterSaves : t.ticket.enterSends}</span>
        <Button kind="primary" why={blocked} onClick={send}>
          {mode === 'note' ? t.ticket.saveNote : record ? t.ticket.record : t.ticket.send}
        </Button>
      </div>
    </>
  );
}

/** What has gone is no longer part of the reply that is being written. */
function leaveOut(ticketId: string, { attachments = [], replyTo }: With): void {
  const gone = new Set(attachments.map(({ id }) => id));
  for (const { key, attachment } of filesOf(ticketId))
    if (attachment && gone.has(attachment.id)) removeFile(ticketId, key);
  if (replyTo !== undefined && quotingOf(ticketId)?.id === replyTo.id) keepQuoting(ticketId, null);
}

/** Files and quote of the reply that is being written. */
function goingAlong(ticketId: string): With {
  const attachments = filesOf(ticketId).flatMap(({ attachment }) => attachment ?? []);
  const replyTo = quotingOf(ticketId);
  return { ...(attachments.length > 0 ? { attachments } : {}), ...(replyTo === null ? {} : { replyTo }) };
}
