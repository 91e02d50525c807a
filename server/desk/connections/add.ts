import * as z from 'zod/mini';
import { channelKinds } from '#shared/channel.ts';
import { DeskError } from '../../errors.ts';
import type { KeptChannel } from '../desk.ts';
import * as input from '../input.ts';
import { targetDepartment } from '../tickets/target.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import type { Work } from '../work.ts';
import { changed, config, settled } from './settled.ts';
import { viewOf } from './view.ts';

/** Connects a channel. Without a department it gets the company's first one. Refuses: input.invalid (names the setting), department.*. */
export const addChannel = act({
  name: 'channel.add',
  action: 'channel.manage',
  input: z.strictObject({
    kind: z.enum(channelKinds),
    name: input.name,
    departmentId: z.exactOptional(input.id),
    config: z._default(config, {}),
  }),
  output: views.channel,
  async run(work, by, { kind, name, departmentId, config: settings }) {
    const { desk, records } = work;
    const id = desk.newId();
    const channel: KeptChannel = {
      id,
      kind,
      name,
      departmentId: departmentId ?? (await firstDepartment(work)),
      simulated: false,
      active: true,
      publicId: kind === 'webchat' ? desk.seal.token().slice(0, 22) : null,
      settings: settled(desk, { id, kind, settings: {} }, settings),
      account: null,
      lastIn: null,
      lastOut: null,
    };
    await targetDepartment(records, channel.departmentId);
    await records.channels.add(channel);
    await records.leases.add(channel.id);
    changed(work, channel.id);
    return viewOf(desk, channel, by);
  },
});

async function firstDepartment({ records }: Work): Promise<string> {
  const first = (await records.catalog.departments()).find((department) => department.active && department.attends);
  if (first === undefined) throw new DeskError('department.not-found');
  return first.id;
}
