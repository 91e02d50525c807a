import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { changed } from './settled.ts';

/** Removes a channel that never had a ticket; others are only switched off, their tickets name them. Refuses: channel.not-found, channel.in-use. */
export const removeChannel = act({
  name: 'channel.remove',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id }),
  output: views.ok,
  async run(work, _by, { channelId }) {
    const { records } = work;
    const channel = await records.channels.byId(channelId);
    if (channel === null) throw new DeskError('channel.not-found');
    if (channel.simulated || (await records.tickets.anyOf(channelId))) throw new DeskError('channel.in-use');
    await records.channels.remove(channelId);
    await records.channelSessions.forget(channelId);
    await records.leases.remove(channelId);
    changed(work, channelId);
    return { ok: true as const };
  },
});
