import type { Department } from '#shared/catalog.ts';
import { capped, Square } from '../../parts/pill.tsx';
import { type Box, boxOf, hrefOf, searchOf } from '../../state/box.ts';
import { catalog, departmentName } from '../../state/catalog.ts';
import { counts } from '../../state/counts.ts';
import { attendsIn } from '../../state/may.ts';
import { isSupervisor, me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import './inbox.css';

/** The column of boxes and departments; counts are open tickets. */
export function Boxes({ box, ticketId, onChoose }: { box: Box; ticketId: string | null; onChoose?: () => void }) {
  const now = counts.value;
  const lines = [
    { to: boxOf({}), name: t.inbox.mine, n: now?.mine, calls: false },
    { to: boxOf({ status: 'waiting' }), name: t.inbox.waiting, n: now?.waiting, calls: true },
    { to: boxOf({ box: 'forwardings' }), name: t.inbox.forwardings, n: now?.forwardings, calls: true },
    ...(isSupervisor() ? [{ to: boxOf({ status: 'open' }), name: t.inbox.open, n: undefined, calls: false }] : []),
    { to: boxOf({ status: 'closed' }), name: t.inbox.closed, n: undefined, calls: false },
  ];
  return (
    <nav class="boxes" aria-label={t.inbox.boxes}>
      <h2>{t.inbox.desk}</h2>
      <ul>
        {lines.map(({ to, name, n = 0, calls }) => (
          <li key={name}>
            <a href={hrefOf(to, ticketId)} aria-current={sameList(to, box) ? 'page' : undefined} onClick={onChoose}>
              <span>{name}</span>
              <Tally n={n} calls={calls} />
            </a>
          </li>
        ))}
      </ul>
      <h2>{t.inbox.departments}</h2>
      <ul>
        {departments(now?.departments ?? {}).map((department) => (
          <li key={department.id}>
            <a
              href={hrefOf(ofDepartment(department.id), ticketId)}
              aria-current={sameList(ofDepartment(department.id), box) ? 'page' : undefined}
              onClick={onChoose}
            >
              <Square color={department.color} />
              <span class="cut">{department.name}</span>
              <Tally n={now?.departments[department.id] ?? 0} calls={false} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Tally({ n, calls }: { n: number; calls: boolean }) {
  return n === 0 ? null : <span class={calls ? 'tally calls' : 'tally'}>{capped(n)}</span>;
}

/** Departments that this agent sees: the active ones, and inactive ones that still hold open tickets. */
function departments(open: Record<string, number>): Department[] {
  const by = me.value;
  if (!by) return [];
  return catalog.value.departments.filter(
    (department) => attendsIn(by, department.id) && (department.active || (open[department.id] ?? 0) > 0),
  );
}

const ofDepartment = (departmentId: string): Box => boxOf({ status: 'open', departmentId });

/** Whether two boxes are one entry of this column, whatever is searched in them and how they are ordered. */
function sameList(entry: Box, box: Box): boolean {
  if (box.list === 'forwardings') return entry.list === 'forwardings';
  const { status, departmentId = '' } = box.filter;
  return searchOf(entry) === searchOf(boxOf({ status, departmentId }));
}

/** The name of a box, as its column has it. */
export function titleOf(box: Box): string {
  if (box.list === 'forwardings') return t.inbox.forwardingsShort;
  const { status, departmentId, q } = box.filter;
  if (q !== undefined) return say(t.inbox.found, { q });
  return departmentId === undefined || status !== 'open' ? t.inbox[status] : departmentName(departmentId);
}
