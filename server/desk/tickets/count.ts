import * as z from 'zod/mini';
import { scope, seesCompany } from '../access.ts';
import type { Caller, Desk } from '../desk.ts';
import { look } from '../verb.ts';

/** Counting stops here; the console shows `99+`. */
const most = 100;

/** How many open tickets each box of the caller holds, each counted no further than 100. */
export const count = look({
  name: 'ticket.count',
  action: 'ticket.list',
  input: z.strictObject({}),
  output: z.object({
    mine: z.number(),
    waiting: z.number(),
    forwardings: z.number(),
    departments: z.record(z.string(), z.number()),
  }),
  async run(desk, by) {
    const departments = await visibleDepartments(desk, by);
    const [mine, waiting, forwardings, ...perDepartment] = await Promise.all([
      desk.store.tickets.count({ all: true }, { open: true, agentId: by.actor.id }, most),
      waitingOf(desk, by),
      desk.store.forwardings.count({ toDepartmentIds: seesCompany(by) ? null : by.departmentIds, open: true }, most),
      ...departments.map((id) => desk.store.tickets.count({ departmentIds: [id] }, { open: true }, most)),
    ]);
    const entries = departments.map((id, index) => [id, perDepartment[index] ?? 0] as const);
    return { mine, waiting, forwardings, departments: Object.fromEntries(entries) };
  },
});

async function visibleDepartments(desk: Desk, by: Caller): Promise<string[]> {
  if (!seesCompany(by)) return by.departmentIds;
  return (await desk.store.catalog.departments()).map((department) => department.id);
}

/** Nobody's tickets in sight. A ticket that is only forwarded to us waits for its own department, not for us. */
async function waitingOf(desk: Desk, by: Caller): Promise<number> {
  const own = scope(by).filter((sight) => 'all' in sight || 'departmentIds' in sight);
  const counts = await Promise.all(
    own.map((sight) => desk.store.tickets.count(sight, { open: true, agentId: null }, most)),
  );
  return Math.min(
    most,
    counts.reduce((sum, n) => sum + n, 0),
  );
}
