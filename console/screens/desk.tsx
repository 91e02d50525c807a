import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { unattended } from '#shared/unattended.ts';
import { insist } from '../insist.ts';
import { announced, openFirst } from '../state/arrivals.ts';
import { boxOf, hrefOf, searchOf } from '../state/box.ts';
import { departmentName } from '../state/catalog.ts';
import { refetchForwardings } from '../state/forwardings.ts';
import { rows, showBox } from '../state/inbox.ts';
import { openTicket } from '../state/ticket.ts';
import { say, t } from '../text.ts';
import { Boxes } from './inbox/boxes.tsx';
import { InboxColumn } from './inbox/column.tsx';
import { acting, contextOpen, wantedForwarding } from './ticket/acting.ts';
import { TicketColumn } from './ticket/column.tsx';
import { Context } from './ticket/context.tsx';
import './desk.css';

/** Boxes, list, thread and context: four planes, of which a narrow window shows fewer. */
export function Desk({ ticketId }: { ticketId: string | null }) {
  const { query, route, url } = useLocation();
  const box = boxOf(query);
  const search = searchOf(box);
  useEffect(() => {
    unattended(showBox(box), 'show a box');
    unattended(insist(refetchForwardings), 'forwardings');
  }, [search]);
  useEffect(() => {
    contextOpen.value = false;
    acting.value = null;
    unattended(openTicket(ticketId), 'open a ticket');
  }, [ticketId]);
  useEffect(() => {
    const [, forwardingId] = /#forwarding-([0-9a-f]+)$/.exec(location.hash) ?? [];
    if (forwardingId !== undefined) wantedForwarding.value = forwardingId;
  }, [url]);
  const first = rows.value[0];
  useEffect(() => {
    if (!openFirst.value || !first) return;
    openFirst.value = false;
    route(hrefOf(box, first.id), true);
  }, [first?.id]);
  const view = ticketId === null ? 'list' : contextOpen.value ? 'context' : 'thread';
  return (
    <div class="desk" data-view={view}>
      <div class="columns">
        <div class="boxes-column">
          <Boxes box={box} ticketId={ticketId} />
        </div>
        <main class="middle">
          <InboxColumn box={box} ticketId={ticketId} />
          <section id="conversation" class="thread-column" aria-label={t.ticket.messages} tabIndex={-1}>
            <TicketColumn />
          </section>
        </main>
        <Context />
      </div>
      <div class="words" role="status">
        {announced.value
          .map(({ departmentId, n }) => say(t.inbox.arrived, { n, department: departmentName(departmentId) }))
          .join('. ')}
      </div>
    </div>
  );
}
