import type { ComponentChildren } from 'preact';
import type { Attachment, MessageView } from '#shared/message.ts';
import type { Note } from '#shared/note.ts';
import { unattended } from '#shared/unattended.ts';
import { sentenceOf } from '../../explain.ts';
import { clock, dateTime } from '../../format.ts';
import { offlineSince } from '../../live.ts';
import { discard, retry, underWay } from '../../outbox.ts';
import { Button } from '../../parts/button.tsx';
import { doableOf } from '../../state/doable.ts';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import type { Waiting } from '../../state/outbox-order.ts';
import { removerOf, type Thread } from '../../state/thread.ts';
import { say, t } from '../../text.ts';
import { markedMessage, wantedText } from './acting.ts';
import { Attachments } from './attachments.tsx';
import { BubbleActs } from './bubble-acts.tsx';
import { MessageContent } from './content.tsx';
import { FailedDelivery, Progress } from './delivery.tsx';
import { Reactions } from './reactions.tsx';
import { Said } from './said.tsx';

/** What the customer said, or what was said to the customer with how far it got. */
export function MessageBubble({ message, joined, thread }: { message: MessageView; joined: boolean; thread: Thread }) {
  const { direction, author, at, delivery, reactions, editedAt, removedAt } = message;
  const incoming = direction === 'in';
  const failed = delivery?.state === 'failed' || delivery?.state === 'uncertain';
  const mine = author.id === me.value?.agent.id;
  const name = incoming ? say(t.ticket.customerSays, { name: author.name }) : author.name;
  const by = me.value;
  const acts = thread.ticket.closedAt === null && Boolean(by && may(by, 'reply', thread.ticket));
  const can = acts ? doableOf(thread.ticket, message, by?.agent.id ?? null) : null;
  const looks = [
    look(incoming ? 'in' : 'out', joined, failed),
    removedAt === null ? '' : 'removed',
    delivery?.state === 'discarded' ? 'discarded' : '',
    isSticker(message) ? 'bare' : '',
    markedMessage.value === message.id ? 'marked' : '',
  ];
  return (
    <>
      <div class={looks.filter(Boolean).join(' ')} data-message={message.id}>
        {!incoming && !mine && !joined ? <b class="author">{author.name}</b> : <span class="words">{name}: </span>}
        <MessageContent message={message} thread={thread} />
        {can && <BubbleActs message={message} channel={thread.ticket.channel} can={can} />}
        <Meta at={at}>
          {direction === 'record' && ` · ${t.ticket.recorded}`}
          {editedAt !== null && removedAt === null && ` · ${t.media.edited}`}
          {removedAt !== null && ` · ${incoming ? t.media.removed : takenBack(thread, message.id)}`}
          {delivery && !failed && <Progress state={delivery.state} />}
        </Meta>
        {failed && delivery && <FailedDelivery message={message} delivery={delivery} acts={acts} />}
      </div>
      {reactions.length > 0 && <Reactions message={message} toggles={can?.react === true} />}
    </>
  );
}

const takenBack = (thread: Thread, messageId: string): string => {
  const name = removerOf(thread, messageId);
  return name === null ? t.media.removedByUs : say(t.media.removedBy, { name });
};

/** A sticker alone stands without a bubble. */
function isSticker({ attachments, text, replyTo }: MessageView): boolean {
  return attachments.length === 1 && attachments[0]?.kind === 'sticker' && text === '' && replyTo === null;
}

/** What the team says to itself: the only yellow in the console, and named in words. */
export function NoteBlock({ note, joined }: { note: Note; joined: boolean }) {
  return (
    <div class={look('note', joined, false)}>
      {joined ? <span class="words">{note.author.name}: </span> : <b class="author">{note.author.name}</b>}
      <span class="note-label">{t.ticket.noteLabel}</span>
      <Said text={note.text} />
      <Meta at={note.at} />
    </div>
  );
}

/** A text that the server does not have yet: waiting, on its way, or refused with the reason and what can be done. */
export function WaitingBubble({ item, joined }: { item: Waiting; joined: boolean }) {
  const note = item.kind === 'note';
  const moving = underWay.value.has(item.clientId) && offlineSince.value === null;
  return (
    <div class={look(note ? 'note' : 'out', joined, item.refusal !== null)}>
      {note && <span class="note-label">{t.ticket.noteLabel}</span>}
      {item.replyTo && (
        <div class="quoted">
          <b>{item.replyTo.name}</b>
          <span class="cut">{item.replyTo.preview}</span>
        </div>
      )}
      {item.attachments && <Attachments items={item.attachments.map(shown)} />}
      <Said text={item.text} />
      {item.refusal === null && <Meta at={item.at}> · {moving ? t.ticket.onWay : t.ticket.inQueue}</Meta>}
      {item.refusal !== null && <Refusal item={item} />}
    </div>
  );
}

const shown = (attachment: Attachment) => ({ ...attachment, url: `/api/v1/media/${attachment.id}` });

function Refusal({ item }: { item: Waiting }) {
  const { refusal, ticketId, kind, text, attachments, replyTo } = item;
  if (refusal === null) return null;
  const colleagues = refusal.code === 'ticket.of-colleague';
  const reason = colleagues
    ? say(t.ticket.participateQuestion, { name: String(refusal.about?.name ?? '') })
    : `${kind === 'note' ? t.ticket.notSaved : t.ticket.notSent} ${sentenceOf(refusal)}`;
  const edit = async () => {
    await discard(item);
    const along = { ...(attachments ? { attachments } : {}), ...(replyTo ? { replyTo } : {}) };
    wantedText.value = { ticketId, mode: kind, text, ...along };
  };
  return (
    <p class="trouble" role="alert">
      <span>{reason}</span>
      <Button kind="link" onClick={() => unattended(retry(item, colleagues || item.participate), 'retry')}>
        {colleagues ? t.ticket.participate : t.ticket.tryAgain}
      </Button>
      <Button kind="link" onClick={() => unattended(edit(), 'edit')}>
        {t.ticket.edit}
      </Button>
      <Button kind="link" onClick={() => unattended(discard(item), 'discard')}>
        {t.ticket.discard}
      </Button>
    </p>
  );
}

function Meta({ at, children }: { at: string; children?: ComponentChildren }) {
  return (
    <span class="meta" title={dateTime(at)}>
      {clock(at)}
      {children}
    </span>
  );
}

function look(side: 'in' | 'out' | 'note', joined: boolean, failed: boolean): string {
  return ['bubble', side, joined ? 'joined' : '', failed ? 'failed' : ''].filter(Boolean).join(' ');
}
