import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import type { KeptChannel } from '../desk.ts';
import * as input from '../input.ts';
import { targetDepartment } from '../tickets/target.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { changed, config, settled } from './settled.ts';
import { viewOf } from './view.ts';

/** Changes a channel's name, department, settings, or switches it off and on. Simulated ones keep their kind of settings. */
export const editChannel = act({
  name: 'channel.edit',
  action: 'channel.manage',
  input: z.strictObject({
    channelId: input.id,
    name: z.exactOptional(input.name),
    departmentId: z.exactOptional(input.id),
    active: z.exactOptional(z.boolean()),
    config: z.exactOptional(config),
  }),
  output: views.channel,
  async run(work, by, { channelId, config: settings, ...fields }) {
    const { desk, records } = work;
    const before = await records.channels.byId(channelId);
    if (before === null) throw new DeskError('channel.not-found');
    if (fields.departmentId !== undefined && fields.departmentId !== before.departmentId) {
      await targetDepartment(records, fields.departmentId);
    }
    const changes: Partial<KeptChannel> = { ...fields };
    if (settings !== undefined && !before.simulated) {
      changes.settings = settled(desk, before, settings);
    }
    // What is switched off lets go of its account, so that it can be linked elsewhere.
    if (fields.active === false) changes.account = null;
    await records.channels.change(channelId, changes);
    changed(work, channelId);
    return viewOf(desk, { ...before, ...changes }, by);
  },
});
