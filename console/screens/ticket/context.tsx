import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { overdue } from '#shared/forwarding.ts';
import type { TicketView } from '#shared/ticket.ts';
import { now } from '../../clock.ts';
import { dateTime } from '../../format.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Pill } from '../../parts/pill.tsx';
import { hrefOf } from '../../state/box.ts';
import { agentName, conclusionName, departmentName } from '../../state/catalog.ts';
import { box } from '../../state/inbox.ts';
import { forwardingsOf, type Thread } from '../../state/thread.ts';
import { open } from '../../state/ticket.ts';
import { t } from '../../text.ts';
import { contextOpen, wantedForwarding } from './acting.ts';
import { History } from './history.tsx';
import { actorName } from './telling.ts';
import './context.css';

/** Beside the conversation: what the ticket is, and everything that happened to it. */
export function Context() {
  const [tab, setTab] = useState<'details' | 'history'>('details');
  const now = open.value;
  if (now.phase !== 'here') return <aside class="context-column" aria-label={t.ticket.details} />;
  return (
    <aside class="context-column" aria-label={t.ticket.details}>
      <header class="bar">
        <div class="tabs">
          {(['details', 'history'] as const).map((name) => (
            <button key={name} type="button" class="mode" aria-pressed={tab === name} onClick={() => setTab(name)}>
              {t.history.tabs[name]}
            </button>
          ))}
        </div>
        <span class="rest" />
        <span class="only-overlay">
          <Button
            kind="quiet"
            icon="close"
            label={t.ticket.hideDetails}
            onClick={() => {
              contextOpen.value = false;
            }}
          />
        </span>
      </header>
      {tab === 'details' ? <Details thread={now.thread} /> : <History key={now.ticketId} thread={now.thread} />}
    </aside>
  );
}

function Details({ thread }: { thread: Thread }) {
  const { ticket } = thread;
  const { contact, description, previousId } = ticket;
  // What a network calls its people by tells nothing here; the simulator's is the customer to write as.
  const reach = ticket.reach ?? (ticket.simulated ? ticket.address : null);
  return (
    <div class="details">
      <Identification ticket={ticket} />
      <Section title={t.history.contact}>
        <dl>
          <Value name={t.history.name} text={contact.name} copies />
          {reach !== null && <Value name={t.history.address} text={reach} copies />}
        </dl>
      </Section>
      {description !== '' && (
        <Section title={t.history.description}>
          <p class="said">{description}</p>
        </Section>
      )}
      <Section title={t.history.forwardings}>
        <Forwardings thread={thread} />
      </Section>
      {previousId !== null && (
        <Section title={t.history.previous}>
          <a href={hrefOf(box.value, previousId)}>{t.history.previousOpen}</a>
        </Section>
      )}
    </div>
  );
}

function Identification({ ticket }: { ticket: TicketView }) {
  const { protocol, status, channel, departmentId, agentId, origin, openedAt, openedBy, closedAt, closedBy } = ticket;
  return (
    <Section title={t.history.identification}>
      <dl>
        <Value name={t.history.fields.protocol} text={protocol} copies />
        <Value name={t.history.status} text={t.ticket.statuses[status]} />
        <Value name={t.history.channel} text={channel === null ? t.inbox.noChannel : t.inbox.channels[channel]} />
        <Value name={t.history.department} text={departmentName(departmentId)} />
        <Value name={t.history.agent} text={agentName(agentId) ?? t.history.none} />
        <Value name={t.history.origin} text={t.history.origins[origin]} />
        <Value name={t.history.opened} text={dateTime(openedAt)} />
        <Value name={t.history.openedBy} text={actorName(openedBy)} />
        {closedAt !== null && <Value name={t.history.closed} text={dateTime(closedAt)} />}
        {closedBy !== null && <Value name={t.history.closedBy} text={actorName(closedBy)} />}
        {ticket.closingNote !== null && <Value name={t.history.closingNote} text={ticket.closingNote} />}
      </dl>
    </Section>
  );
}

function Forwardings({ thread }: { thread: Thread }) {
  const all = forwardingsOf(thread);
  if (all.length === 0) return <p class="nothing">{t.history.noForwardings}</p>;
  return (
    <ul class="forwardings">
      {all.map((forwarding) => (
        <li key={forwarding.id}>
          <button
            type="button"
            onClick={() => {
              contextOpen.value = false;
              wantedForwarding.value = forwarding.id;
            }}
          >
            <span class="cut">{departmentName(forwarding.toDepartmentId)}</span>
            {forwarding.answer ? (
              <Pill tone="ok">{conclusionName(forwarding.answer.conclusionId)}</Pill>
            ) : (
              <Pill tone="bad">{overdue(forwarding, now.value) ? t.ticket.overdue : t.ticket.unanswered}</Pill>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Value({ name, text, copies }: { name: string; text: string; copies?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span>{text}</span>
        {copies && <CopyButton value={text} label={`${t.parts.copy}: ${name}`} />}
      </dd>
    </>
  );
}
