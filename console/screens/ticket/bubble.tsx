import type { ComponentChildren } from 'preact';
import type { DeliveryState, MessageView } from '#shared/message.ts';
import type { Note } from '#shared/note.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { sentenceOf } from '../../explain.ts';
import { clock, dateTime } from '../../format.ts';
import { offlineSince } from '../../live.ts';
import { discard, enqueue, retry, underWay } from '../../outbox.ts';
import { Button } from '../../parts/button.tsx';
import { me } from '../../state/me.ts';
import type { Waiting } from '../../state/outbox-order.ts';
import { say, t } from '../../text.ts';
import { wantedText } from './acting.ts';
import { Said } from './said.tsx';

const ticks: Partial<Record<DeliveryState, string>> = { sent: '✓', delivered: '✓✓', read: '✓✓' };

/** What the customer said, or what was said to the customer with how far it got. */
export function MessageBubble({
  message,
  joined,
  ticket,
}: {
  message: MessageView;
  joined: boolean;
  ticket: TicketView;
}) {
  const { direction, author, text, at, delivery } = message;
  const incoming = direction === 'in';
  const failed = delivery?.state === 'failed' || delivery?.state === 'uncertain';
  const mine = author.id === me.value?.agent.id;
  const name = incoming ? say(t.ticket.customerSays, { name: author.name }) : author.name;
  return (
    <div class={look(incoming ? 'in' : 'out', joined, failed)}>
      {!incoming && !mine && !joined ? <b class="author">{author.name}</b> : <span class="words">{name}: </span>}
      <Said text={text} />
      <Meta at={at}>
        {direction === 'record' && ` · ${t.ticket.recorded}`}
        {delivery && !failed && <Progress state={delivery.state} />}
      </Meta>
      {failed && delivery && (
        <FailedDelivery message={message} state={delivery.state} open={ticket.closedAt === null} />
      )}
    </div>
  );
}

function Progress({ state }: { state: DeliveryState }) {
  return (
    <span class={state === 'read' ? 'progress seen' : 'progress'}>
      {ticks[state] && <span aria-hidden="true"> {ticks[state]}</span>} {t.ticket.deliveries[state]}
    </span>
  );
}

/** The network refused it, or nobody knows: it is never sent again by itself. */
function FailedDelivery({ message, state, open }: { message: MessageView; state: DeliveryState; open: boolean }) {
  const { ticketId, text } = message;
  return (
    <p class="trouble">
      <span>{state === 'failed' ? t.ticket.notSent : t.ticket.uncertain}</span>
      {open && (
        <>
          <Button kind="link" onClick={() => unattended(enqueue(ticketId, 'reply', text), 'send again')}>
            {t.ticket.sendAgain}
          </Button>
          <Button
            kind="link"
            onClick={() => {
              wantedText.value = { ticketId, mode: 'reply', text };
            }}
          >
            {t.ticket.edit}
          </Button>
        </>
      )}
    </p>
  );
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
      <Said text={item.text} />
      {item.refusal === null && <Meta at={item.at}> · {moving ? t.ticket.onWay : t.ticket.inQueue}</Meta>}
      {item.refusal !== null && <Refusal item={item} />}
    </div>
  );
}

function Refusal({ item }: { item: Waiting }) {
  const { refusal, ticketId, kind, text } = item;
  if (refusal === null) return null;
  const colleagues = refusal.code === 'ticket.of-colleague';
  const reason = colleagues
    ? say(t.ticket.participateQuestion, { name: String(refusal.about?.name ?? '') })
    : `${kind === 'note' ? t.ticket.notSaved : t.ticket.notSent} ${sentenceOf(refusal)}`;
  const edit = async () => {
    await discard(item);
    wantedText.value = { ticketId, mode: kind, text };
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
