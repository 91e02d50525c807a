import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { draftOf, keepDraft, type Mode } from '../../drafts.ts';
import { dateTime } from '../../format.ts';
import { useKeys } from '../../keys.ts';
import { enqueue } from '../../outbox.ts';
import { Button } from '../../parts/button.tsx';
import { toast } from '../../parts/toast.tsx';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import { wantedText } from './acting.ts';
import { EmojiButton } from './emoji-button.tsx';
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
  useKeys({ r: () => enter('reply'), n: () => enter('note') });
  const wanted = wantedText.value;
  useEffect(() => {
    if (wanted?.ticketId !== ticket.id) return;
    const kept = draftOf(ticket.id, wanted.mode);
    keepDraft(ticket.id, wanted.mode, kept.trim() === '' ? wanted.text : `${kept}\n${wanted.text}`);
    wantedText.value = null;
    enter(wanted.mode);
  }, [wanted]);
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
        <Writing key={mode} ticket={ticket} mode={mode} field={field} wanted={wanted === null} />
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

interface WritingProps {
  ticket: TicketView;
  mode: Mode;
  field: { current: HTMLTextAreaElement | null };
  /** Turns false and true again when a text came back to be edited. */
  wanted: boolean;
}

function Writing({ ticket, mode, field, wanted }: WritingProps) {
  const [text, setText] = useDraft(ticket.id, mode, wanted);
  useGrowing(field, text);
  const limit = mode === 'note' ? limits.noteCharacters : limits.replyCharacters;
  const record = mode === 'reply' && ticket.channel === null;
  const sending = useRef(false);
  const submit = async () => {
    if (sending.current || text.trim() === '' || text.length > limit) return;
    sending.current = true;
    try {
      await enqueue(ticket.id, mode, text);
      setText('');
      keepDraft(ticket.id, mode, '');
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
      <textarea
        ref={field}
        id="composer"
        class="input"
        rows={2}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          // 229: the Enter that ends a composition in some browsers.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="tools">
        <EmojiButton onEmoji={(emoji) => setText(inserted(field.current, text, emoji))} />
        <Length n={text.length} limit={limit} />
        <span class="rest" />
        <span class="enter-hint">{mode === 'note' || record ? t.ticket.enterSaves : t.ticket.enterSends}</span>
        <Button kind="primary" onClick={send}>
          {mode === 'note' ? t.ticket.saveNote : record ? t.ticket.record : t.ticket.send}
        </Button>
      </div>
    </>
  );
}

/** The text of one ticket and mode, kept in this browser half a second after the last key and when the page goes away. */
function useDraft(ticketId: string, mode: Mode, wanted: boolean): [string, (text: string) => void] {
  const [text, setText] = useState(() => draftOf(ticketId, mode));
  const latest = useRef(text);
  const write = (next: string) => {
    latest.current = next;
    setText(next);
  };
  // Only when a text came back: at the first drawing the draft is in place, and reading it again would undo quick typing.
  const was = useRef(wanted);
  useEffect(() => {
    if (wanted && !was.current) write(draftOf(ticketId, mode));
    was.current = wanted;
  }, [wanted]);
  useEffect(() => {
    const timer = setTimeout(() => keepDraft(ticketId, mode, text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const flush = () => keepDraft(ticketId, mode, latest.current);
    document.addEventListener('visibilitychange', flush);
    addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  return [text, write];
}

/** The field is as high as its text, up to a third of the window. */
function useGrowing(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, innerHeight / 3)}px`;
  }, [text]);
}

function Length({ n, limit }: { n: number; limit: number }) {
  const left = limit - n;
  if (left > 500) return null;
  return (
    <span class={left < 0 ? 'length over' : 'length'} role="status">
      {left < 0 ? say(t.ticket.tooLong, { n: -left }) : say(t.ticket.leftOver, { n: left })}
    </span>
  );
}

/** The text with an emoji where the cursor stands. */
function inserted(field: HTMLTextAreaElement | null, text: string, emoji: string): string {
  if (!field) return text + emoji;
  const { selectionStart, selectionEnd } = field;
  const place = selectionStart + emoji.length;
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(place, place);
  });
  return text.slice(0, selectionStart) + emoji + text.slice(selectionEnd);
}
