import * as z from 'zod/mini';
import { departmentColors } from '#shared/catalog.ts';
import { DeskError } from '../../errors.ts';
import * as input from '../input.ts';
import { act, look } from '../verb.ts';
import * as views from '../views.ts';
import type { Work } from '../work.ts';

/** All departments, inactive ones too: old tickets show them. */
export const listDepartments = look({
  name: 'department.list',
  action: 'department.list',
  input: z.strictObject({}),
  output: views.list(views.department),
  async run({ store }) {
    return { items: await store.catalog.departments() };
  },
});

/** Adds a department that attends. Refuses: department.name-taken. */
export const addDepartment = act({
  name: 'department.add',
  action: 'department.manage',
  input: z.strictObject({ name: input.name, color: z.exactOptional(color()) }),
  output: views.department,
  async run(work, _by, { name, color: wanted }) {
    const all = await work.records.catalog.departments();
    await freeName(work, name, null);
    const chosen = wanted ?? all.length % departmentColors;
    const department = { id: work.desk.newId(), name, color: chosen, attends: true, active: true };
    await work.records.catalog.addDepartment(department);
    changed(work);
    return department;
  },
});

/** Changes a department. Switched off while holding work, its tickets and forwardings stay answerable (R22, R23). */
export const editDepartment = act({
  name: 'department.edit',
  action: 'department.manage',
  input: z.strictObject({
    departmentId: input.id,
    name: z.exactOptional(input.name),
    color: z.exactOptional(color()),
    attends: z.exactOptional(z.boolean()),
    active: z.exactOptional(z.boolean()),
  }),
  output: views.department,
  async run(work, _by, { departmentId, ...fields }) {
    const before = await work.records.catalog.department(departmentId);
    if (before === null) throw new DeskError('department.not-found');
    if (fields.name !== undefined) await freeName(work, fields.name, departmentId);
    await work.records.catalog.changeDepartment(departmentId, fields);
    changed(work);
    return { ...before, ...fields };
  },
});

function color() {
  return z.int().check(z.gte(0, 'range'), z.lte(departmentColors - 1, 'range'));
}

/** Told before the unique index would: the index stays the truth between two writers. */
async function freeName({ records }: Work, name: string, except: string | null): Promise<void> {
  const same = (await records.catalog.departments()).find(
    (department) => department.id !== except && department.name.trim().toLowerCase() === name.trim().toLowerCase(),
  );
  if (same !== undefined) throw new DeskError('department.name-taken');
}

function changed(work: Work): void {
  work.news.push({ event: 'catalog.changed', payload: { companyId: work.desk.company.id } });
}
