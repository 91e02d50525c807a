import { type ForwardingView, overdue } from '#shared/forwarding.ts';
import { unattended } from '#shared/unattended.ts';
import { now } from '../../clock.ts';
import { elapsed, shortTime } from '../../format.ts';
import { insist } from '../../insist.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Button } from '../../parts/button.tsx';
import { Empty, Failed } from '../../parts/empty.tsx';
import { Pill } from '../../parts/pill.tsx';
import { hrefOf } from '../../state/box.ts';
import { departmentName, departmentOf } from '../../state/catalog.ts';
import { moreForwardings, owed, refetchForwardings } from '../../state/forwardings.ts';
import { say, t } from '../../text.ts';

/** Questions that my departments owe an answer to; each opens its conversation at the question. */
export function ForwardingList({ ticketId }: { ticketId: string | null }) {
  const { items, next, state, why } = owed.value;
  if (state === 'failed')
    return <Failed reason={why} onRetry={() => unattended(insist(refetchForwardings), 'forwardings')} />;
  if (state === 'loading') return <div class="list" aria-busy="true" />;
  if (items.length === 0) {
    return (
      <Empty icon="forward" title={t.inbox.empty.forwardings}>
        <span>{t.inbox.empty.forwardingsHint}</span>
      </Empty>
    );
  }
  return (
    <ul class="list">
      {items.map((forwarding) => (
        <li key={forwarding.id} class="still">
          <ForwardingRow forwarding={forwarding} current={forwarding.ticketId === ticketId} />
        </li>
      ))}
      {next !== null && (
        <li class="still">
          <Button kind="quiet" onClick={() => unattended(moreForwardings(), 'more forwardings')}>
            {t.inbox.more}
          </Button>
        </li>
      )}
    </ul>
  );
}

function ForwardingRow({ forwarding, current }: { forwarding: ForwardingView; current: boolean }) {
  const { ticket, question, by, fromDepartmentId, forwardedAt } = forwarding;
  const edge = `var(--department-${departmentOf(fromDepartmentId)?.color ?? 7})`;
  const time = elapsed(forwardedAt, now.value);
  const values = { name: by.name, department: departmentName(fromDepartmentId), time };
  return (
    <a
      class="row tall"
      href={`${hrefOf({ list: 'forwardings' }, ticket.id)}#forwarding-${forwarding.id}`}
      aria-current={current ? 'true' : undefined}
    >
      <span class="edge" style={{ background: edge }} />
      <Avatar name={ticket.contactName} />
      <span class="lines">
        <span class="line">
          <span class="name cut" title={ticket.protocol}>
            {ticket.contactName}
          </span>
          <Due forwarding={forwarding} />
        </span>
        <span class="line">
          <span class="preview cut">{question}</span>
        </span>
        <span class="line">
          <span class="asker cut">{say(time === t.parts.now ? t.inbox.askedNow : t.inbox.asked, values)}</span>
        </span>
      </span>
    </a>
  );
}

function Due({ forwarding }: { forwarding: ForwardingView }) {
  const { dueAt } = forwarding;
  if (dueAt === null) return null;
  if (overdue(forwarding, now.value)) {
    return <Pill tone="bad">{say(t.inbox.overdue, { time: elapsed(dueAt, now.value) })}</Pill>;
  }
  return <Pill>{say(t.inbox.due, { time: shortTime(dueAt, now.value) })}</Pill>;
}
