import * as z from 'zod/mini';
import { ChannelError, type Check } from '#channels/channel.ts';
import { channelKinds } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../../errors.ts';
import type { Desk, KeptChannel } from '../desk.ts';
import * as input from '../input.ts';
import { order } from '../verb.ts';
import * as views from '../views.ts';
import { config } from './settled.ts';
import { viewOf } from './view.ts';

/** Begins to link an account: QR and code come to the caller alone. Refuses: channel.not-found, channel.inactive, channel.cannot. */
export const pairChannel = order({
  name: 'channel.pair',
  action: 'channel.manage',
  input: z.strictObject({
    channelId: input.id,
    method: z.enum(['qr', 'code']),
    phone: z.exactOptional(z.string().check(z.regex(/^\+?\d{8,15}$/, 'phone'))),
  }),
  output: views.channel,
  async run(desk, by, { channelId, method, phone }) {
    const channel = await running(desk, channelId);
    if (method === 'code' && phone === undefined) throw new DeskError('input.invalid', {}, { phone: 'required' });
    const how = method === 'qr' ? { method } : { method, phone: (phone ?? '').replace('+', '') };
    await told(() => desk.lines.pair(channelId, by.actor.id ?? '', how));
    return viewOf(desk, channel, by);
  },
});

/** Asks the network for a sign of life. Refuses: channel.trouble (with the reason), channel.inactive. */
export const testChannel = order({
  name: 'channel.test',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id }),
  output: z.object({ ms: z.number() }),
  async run(desk, _by, { channelId }) {
    await running(desk, channelId);
    const begun = performance.now();
    await told(() => desk.lines.test(channelId));
    return { ms: Math.round(performance.now() - begun) };
  },
});

/** Lets go of the network and connects again. Refuses: channel.not-found, channel.inactive. */
export const reconnectChannel = order({
  name: 'channel.reconnect',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id }),
  output: views.channel,
  async run(desk, by, { channelId }) {
    const channel = await running(desk, channelId);
    await desk.lines.reconnect(channelId);
    return viewOf(desk, channel, by);
  },
});

/** Tries settings before a channel is made of them, each check with its time and result. Refuses: input.invalid. */
export const probeChannel = order({
  name: 'channel.probe',
  action: 'channel.manage',
  input: z.strictObject({
    kind: z.enum(channelKinds),
    config,
    channelId: z.exactOptional(input.id),
    /** Each check is also told as `probe:checked` with this. */
    probeId: z.exactOptional(z.string().check(z.regex(new RegExp(limits.clientIdPattern), 'pattern'))),
  }),
  output: z.object({
    ok: z.boolean(),
    as: z.string(),
    name: z.nullable(z.string()),
    /** `data:` address of a small picture. */
    photo: z.nullable(z.string()),
    checks: z.array(
      z.object({
        step: z.string(),
        ok: z.boolean(),
        ms: z.number(),
        code: z.nullable(z.string()),
        detail: z.nullable(z.string()),
      }),
    ),
    settings: z.record(z.string(), z.unknown()),
  }),
  async run(desk, by, { kind, config: given, channelId, probeId }) {
    const kept = channelId === undefined ? null : await desk.store.channels.byId(channelId);
    const settings = kept === null ? given : desk.channelKinds.over(desk, kept, given);
    const checks: Check[] = [];
    const tell = (check: Check): void => {
      checks.push(check);
      if (probeId === undefined || by.actor.id === null) return;
      desk.say({ event: 'probe.checked', payload: { agentId: by.actor.id, probeId, check } });
    };
    const probed = await told(() => desk.lines.probe(kind, settings, tell));
    if (probed === null) throw new DeskError('channel.cannot');
    const { ok, as, name, photo, settings: found } = probed;
    return { ok, as, name, photo: photo === null ? null : dataUrl(photo), checks, settings: found };
  },
});

/** Guesses the servers of a mailbox by its address. */
export const guessMailServers = order({
  name: 'channel.guess',
  action: 'channel.manage',
  input: z.strictObject({ address: input.email }),
  output: z.record(z.string(), z.unknown()),
  run: (desk, _by, { address }) => desk.lines.guess(address),
});

async function running({ store }: Desk, channelId: string): Promise<KeptChannel> {
  const channel = await store.channels.byId(channelId);
  if (channel === null) throw new DeskError('channel.not-found');
  if (!channel.active) throw new DeskError('channel.inactive');
  return channel;
}

/** A channel's own fault, as the caller reads it: a wrong setting by its field, trouble by its reason. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    if (error.field !== null) throw new DeskError('input.invalid', {}, { [`config.${error.field}`]: error.code });
    if (error.code === 'channel.cannot') throw new DeskError('channel.cannot');
    throw new DeskError('channel.trouble', { reason: error.code });
  }
}

function dataUrl(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `data:image/${bytes[0] === 0x89 ? 'png' : 'jpeg'};base64,${btoa(binary)}`;
}
