import { useComputed } from '@preact/signals';
import type { TicketView } from '#shared/ticket.ts';
import { now } from '../../clock.ts';
import { draftOf } from '../../drafts.ts';
import { dateTime, elapsed } from '../../format.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Count, Pill } from '../../parts/pill.tsx';
import { agentName, departmentName, departmentOf } from '../../state/catalog.ts';
import { me } from '../../state/me.ts';
import { typing } from '../../state/typing.ts';
import { say, t } from '../../text.ts';

/** What a row is given besides its ticket. */
export interface RowPlace {
  href: string;
  current: boolean;
  focusable: boolean;
  onFocus: () => void;
}

/** One conversation: two strict lines at a rhythm of 60 px, the department as the edge at its left. */
export function TicketRow({ ticket, place }: { ticket: TicketView; place: RowPlace }) {
  const { contact, unread } = ticket;
  const edge = `var(--department-${departmentOf(ticket.departmentId)?.color ?? 7})`;
  const since = ticket.waitingSince ?? ticket.lastAt;
  return (
    <a
      id={`row-${ticket.id}`}
      class={unread > 0 ? 'row unread' : 'row'}
      href={place.href}
      aria-current={place.current ? 'true' : undefined}
      tabIndex={place.focusable ? 0 : -1}
      onFocus={place.onFocus}
    >
      <span class="edge" style={{ background: edge }} title={departmentName(ticket.departmentId)} />
      <Avatar name={contact.name} channel={ticket.channel} />
      <span class="lines">
        <span class="line">
          <span class="name cut" title={ticket.protocol}>
            {contact.name}
          </span>
          {ticket.simulated && <span class="simulated">{t.inbox.simulated}</span>}
          <time dateTime={since} title={ticket.waitingSince ? waitingTitle(since) : dateTime(ticket.lastAt)}>
            {elapsed(since, now.value)}
          </time>
        </span>
        <span class="line">
          <Preview ticket={ticket} />
          <Marks ticket={ticket} />
        </span>
      </span>
    </a>
  );
}

const waitingTitle = (since: string) => say(t.inbox.waitingFor, { time: elapsed(since, now.value) });

/** What stands under the name: that the customer is writing, my draft, else the last word and whose it was. */
function Preview({ ticket }: { ticket: TicketView }) {
  // Computed: a key in one draft draws no other row.
  const draft = useComputed(() => draftOf(ticket.id, 'reply')).value;
  const writes = useComputed(() => typing.value.has(ticket.id)).value;
  if (writes) return <span class="preview cut typing">{t.inbox.typing}</span>;
  if (draft.trim() !== '') {
    return (
      <span class="preview cut">
        <b class="draft">{t.inbox.draft}</b> {draft}
      </span>
    );
  }
  const { lastMessage } = ticket;
  if (!lastMessage) return <span class="preview cut">{ticket.description || t.inbox.noMessages}</span>;
  const who = lastMessage.by === 'agent' ? speaker(ticket) : null;
  return (
    <span class="preview cut">
      {who && `${who} `}
      {lastMessage.preview}
    </span>
  );
}

function speaker(ticket: TicketView): string | null {
  if (ticket.agentId === me.value?.agent.id) return t.inbox.you;
  const name = agentName(ticket.agentId)?.split(' ')[0];
  return name === undefined ? null : `${name}:`;
}

function Marks({ ticket }: { ticket: TicketView }) {
  const { openForwardings, unread } = ticket;
  return (
    <span class="marks">
      {openForwardings > 0 && (
        <Pill tone="warn">
          <span class="forwarded" title={say(t.inbox.openForwardings, { n: openForwardings })}>
            <Icon name="forward" size={11} /> {openForwardings}
            <span class="words">{say(t.inbox.openForwardings, { n: openForwardings })}</span>
          </span>
        </Pill>
      )}
      <Count n={unread} label={say(t.inbox.unread, { n: unread })} />
    </span>
  );
}
