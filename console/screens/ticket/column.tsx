import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { newClientId } from '#shared/client-id.ts';
import type { MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { useKeys } from '../../keys.ts';
import { command } from '../../live.ts';
import { Button } from '../../parts/button.tsx';
import { Empty, Failed } from '../../parts/empty.tsx';
import { toast } from '../../parts/toast.tsx';
import { lazyScreen } from '../../screen.tsx';
import { hrefOf } from '../../state/box.ts';
import { box, ticketChanged } from '../../state/inbox.ts';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import type { Thread } from '../../state/thread.ts';
import { open, openChanged, openTicket } from '../../state/ticket.ts';
import { t } from '../../text.ts';
import { acting, changing } from './acting.ts';
import { quoteByKey } from './by-key.ts';
import { CloseTicket } from './close.tsx';
import { Composer } from './composer.tsx';
import { HandOver } from './hand-over.tsx';
import { TicketHeader } from './header.tsx';
import { Peek } from './peek.tsx';
import { Timeline } from './timeline.tsx';
import './ticket.css';

interface ChangingProps {
  message: MessageView;
  verb: 'edit' | 'remove';
  onClose: () => void;
}

const Changing = lazyScreen<ChangingProps>(() => import('./changing.tsx'));

/** The thread column: the open conversation, or why there is none. */
export function TicketColumn() {
  const now = open.value;
  if (now.phase === 'here') return <Conversation key={now.ticketId} thread={now.thread} unreadSeq={now.unreadSeq} />;
  if (now.phase === 'failed') {
    const again = () => {
      open.value = { phase: 'none' };
      unattended(openTicket(now.ticketId), 'open again');
    };
    return <Failed reason={now.why} onRetry={again} />;
  }
  if (now.phase === 'gone') return <Gone />;
  if (now.phase === 'loading') return <Loading />;
  return (
    <Empty icon="chats" title={t.ticket.none}>
      <span>{t.ticket.noneHint}</span>
    </Empty>
  );
}

function Conversation({ thread, unreadSeq }: { thread: Thread; unreadSeq: number | null }) {
  const { ticket } = thread;
  const by = me.value;
  const isOpen = ticket.closedAt === null;
  const peeking = isOpen && ticket.agentId === null;
  const takes = by !== null && by !== undefined && may(by, 'take', ticket);
  const act = (verb: 'forward' | 'transfer' | 'close') => {
    if (!by || !may(by, verb, ticket) || !isOpen) return;
    acting.value = verb === 'close' ? { verb } : { verb, parentId: null };
  };
  useKeys({
    ...(peeking && takes ? { Enter: () => unattended(take(ticket.id), 'take') } : {}),
    f: () => act(by && may(by, 'forward', ticket) ? 'forward' : 'transfer'),
    e: () => act('close'),
    ...(by && may(by, 'reply', ticket) ? { q: () => quoteByKey(thread) } : {}),
  });
  useReading(thread);
  useEffect(() => stopChanging, []);
  const doing = acting.value;
  return (
    <>
      <TicketHeader ticket={ticket} onTake={() => unattended(take(ticket.id), 'take')} />
      <Timeline thread={thread} unreadSeq={unreadSeq} />
      <Peek ticket={ticket} onTake={() => unattended(take(ticket.id), 'take')} />
      <Composer ticket={ticket} />
      {doing !== null && doing.verb !== 'close' && (
        <HandOver thread={thread} verb={doing.verb} parentId={doing.parentId} onClose={stop} />
      )}
      {changing.value?.message.ticketId === ticket.id && <Changing {...changing.value} onClose={stopChanging} />}
      <CloseTicket thread={thread} open={doing?.verb === 'close'} onClose={stop} />
    </>
  );
}

const stopChanging = () => {
  changing.value = null;
};

const stop = () => {
  acting.value = null;
};

/** Takes the ticket; of two takers one gets it, the other is told who. */
async function take(ticketId: string): Promise<void> {
  try {
    const ticket = await command('ticket:take', { ticketId, clientId: newClientId() });
    openChanged(ticket);
    ticketChanged(ticket);
    document.getElementById('composer')?.focus();
  } catch (error) {
    toast(explain(error), 'bad');
  }
}

/** Tells the server that its agent has read, while the window is in view. Whoever else looks leaves no trace. */
function useReading({ ticket }: Thread): void {
  const mine = ticket.agentId !== null && ticket.agentId === me.value?.agent.id;
  const unread = mine && ticket.unread > 0;
  useEffect(() => {
    if (!unread) return;
    const tell = () => {
      if (document.visibilityState === 'visible') unattended(command('ticket:read', { ticketId: ticket.id }), 'read');
    };
    const timer = setTimeout(tell, 400);
    document.addEventListener('visibilitychange', tell);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tell);
    };
  }, [unread, ticket.id, ticket.seq]);
}

function Gone() {
  const { route } = useLocation();
  return (
    <Empty icon="inbox" title={t.ticket.gone}>
      <span>{t.ticket.goneHint}</span>
      <Button onClick={() => route(hrefOf(box.value))}>{t.ticket.toList}</Button>
    </Empty>
  );
}

function Loading() {
  return (
    <div class="loading" aria-busy="true">
      <span class="words">{t.parts.loading}</span>
      {[55, 70, 40].map((width, index) => (
        <span
          key={width}
          class={index === 1 ? 'skeleton out' : 'skeleton'}
          style={{ width: `${width}%`, height: '38px' }}
        />
      ))}
    </div>
  );
}
