import * as z from 'zod/mini';
import { can } from '../access.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';
import { viewOf } from './view.ts';

/** All channels with their connection. Settings and public id are for who may manage channels. */
export const listChannels = look({
  name: 'channel.list',
  action: 'channel.list',
  input: z.strictObject({}),
  output: views.list(views.channel),
  async run(desk, by) {
    const manages = can(by, 'channel.manage');
    const items = (await desk.store.channels.all()).map((channel) => viewOf(desk, channel, by));
    return { items: items.map((item) => (manages ? item : { ...item, config: null, publicId: null })) };
  },
});
