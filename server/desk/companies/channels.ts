import * as z from 'zod/mini';
import { ChannelError } from '#channels/channel.ts';
import { type ChannelView, type Connection, channelKinds, withoutPairing } from '#shared/channel.ts';
import { DeskError } from '../../errors.ts';
import { can } from '../access.ts';
import type { Desk, KeptChannel } from '../desk.ts';
import * as input from '../input.ts';
import { targetDepartment } from '../tickets/target.ts';
import { act, look } from '../verb.ts';
import * as views from '../views.ts';
import type { Work } from '../work.ts';

const config = z.record(z.string().check(z.maxLength(64, 'too-long')), z.unknown());

/** All channels with their connection. Settings and public id are for who may manage channels. */
export const listChannels = look({
  name: 'channel.list',
  action: 'channel.list',
  input: z.strictObject({}),
  output: views.list(views.channel),
  async run(desk, by) {
    const manages = can(by, 'channel.manage');
    const items = (await desk.store.channels.all()).map((channel) => viewOf(desk, channel));
    return { items: items.map((item) => (manages ? item : { ...item, config: null, publicId: null })) };
  },
});

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
  async run(work, _by, { kind, name, departmentId, config: settings }) {
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
    };
    await targetDepartment(records, channel.departmentId);
    await records.channels.add(channel);
    await records.leases.add(channel.id);
    changed(work, channel.id);
    return viewOf(desk, channel);
  },
});

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
  async run(work, _by, { channelId, config: settings, ...fields }) {
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
    return viewOf(desk, { ...before, ...changes });
  },
});

/** The settings as the kind's maker wants them. A wrong one is refused by its field's name. */
function settled(
  desk: Desk,
  channel: Pick<KeptChannel, 'id' | 'kind' | 'settings'>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  try {
    return desk.channelKinds.settle(desk, channel, given);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new DeskError('input.invalid', {}, { [`config.${error.field ?? ''}`]: error.code });
  }
}

async function firstDepartment({ records }: Work): Promise<string> {
  const first = (await records.catalog.departments()).find((department) => department.active && department.attends);
  if (first === undefined) throw new DeskError('department.not-found');
  return first.id;
}

function viewOf(desk: Desk, channel: KeptChannel): ChannelView {
  const { settings: _kept, account: _its, ...view } = channel;
  const connection: Connection = withoutPairing(desk.connectionOf(channel.id));
  return { ...view, config: desk.channelKinds.shown(channel), connection };
}

function changed(work: Work, channelId: string): void {
  const { id: companyId } = work.desk.company;
  work.news.push({ event: 'channel.changed', payload: { companyId, channelId } });
  work.news.push({ event: 'catalog.changed', payload: { companyId } });
}
