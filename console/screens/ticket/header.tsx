import { useLocation } from 'preact-iso';
import type { TicketView } from '#shared/ticket.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Pill, Square } from '../../parts/pill.tsx';
import { hrefOf } from '../../state/box.ts';
import { agentName, departmentName, departmentOf } from '../../state/catalog.ts';
import { box } from '../../state/inbox.ts';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import { acting, contextOpen } from './acting.ts';

/** Who it is, where it stands, and what may be done. */
export function TicketHeader({ ticket, onTake }: { ticket: TicketView; onTake: () => void }) {
  const { route } = useLocation();
  return (
    <header class="ticket-header">
      <span class="only-single">
        <Button kind="quiet" icon="back" label={t.ticket.toList} onClick={() => route(hrefOf(box.value))} />
      </span>
      <div class="who">
        <div class="title">
          <h1 class="cut" title={ticket.contact.name}>
            {ticket.contact.name}
          </h1>
          {ticket.simulated && <Pill tone="outline">{t.inbox.simulated}</Pill>}
        </div>
        <Facts ticket={ticket} />
      </div>
      <Acts ticket={ticket} onTake={onTake} />
      <span class="only-overlay">
        <Button
          kind="quiet"
          icon="panel"
          label={t.ticket.details}
          expanded={contextOpen.value}
          onClick={() => {
            contextOpen.value = !contextOpen.value;
          }}
        />
      </span>
    </header>
  );
}

function Facts({ ticket }: { ticket: TicketView }) {
  const { protocol, channel, departmentId, agentId, closedAt } = ticket;
  const assigned = agentId === me.value?.agent.id ? t.ticket.you : agentName(agentId);
  return (
    <p class="facts">
      <span class="numbers">{protocol}</span>
      <CopyButton value={protocol} label={say(t.ticket.copyProtocol, { protocol })} />
      <span>{channel === null ? t.inbox.noChannel : t.inbox.channels[channel]}</span>
      <span>{closedAt !== null ? t.ticket.statuses.closed : (assigned ?? t.ticket.statuses.waiting)}</span>
      <span class="fact-department">
        <Square color={departmentOf(departmentId)?.color ?? 7} />
        <span class="cut">{departmentName(departmentId)}</span>
      </span>
    </p>
  );
}

function Acts({ ticket, onTake }: { ticket: TicketView; onTake: () => void }) {
  const by = me.value;
  if (!by) return null;
  const why = ticket.closedAt === null ? null : t.ticket.closedAlready;
  const allowed = (act: Parameters<typeof may>[1]) => may(by, act, ticket);
  return (
    <div class="ticket-acts" role="toolbar" aria-label={say(t.ticket.conversation, { name: ticket.contact.name })}>
      {ticket.agentId === null && why === null && allowed('take') && (
        <Button class="take" onClick={onTake}>
          {t.ticket.take}
        </Button>
      )}
      {allowed('forward') && (
        <Button
          class="shrinks"
          icon="forward"
          shortcut="f"
          title={`${t.ticket.forward} (f)`}
          why={why}
          onClick={() => {
            acting.value = { verb: 'forward', parentId: null };
          }}
        >
          <span>{t.ticket.forward}</span>
        </Button>
      )}
      {allowed('transfer') && (
        <Button
          class="shrinks"
          icon="transfer"
          title={t.ticket.transfer}
          why={why}
          onClick={() => {
            acting.value = { verb: 'transfer', parentId: null };
          }}
        >
          <span>{t.ticket.transfer}</span>
        </Button>
      )}
      {allowed('close') && (
        <Button
          kind="primary"
          shortcut="e"
          class="close-ticket"
          expanded={acting.value?.verb === 'close'}
          why={why}
          onClick={() => {
            acting.value = { verb: 'close' };
          }}
        >
          {t.ticket.close}
        </Button>
      )}
    </div>
  );
}
