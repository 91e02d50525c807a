import type { SimulatorReceived } from '#shared/api.ts';
import { type Ability, abilitiesOf, type ChannelKind } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import type { Attachment } from '#shared/message.ts';
import type { Identity } from '#shared/people.ts';
import { unattended } from '#shared/unattended.ts';
import {
  type Channel,
  ChannelError,
  type ChannelHost,
  type ChannelRow,
  type MakerMeans,
  type OutboundMessage,
} from '../channel.ts';
import { tellConnection } from '../support/connection.ts';
import { type Underway, underway } from '../support/underway.ts';

/** What a pretended customer writes. `from` is their number or address and, there being no subjects, the conversation. */
export interface SimulatorMessage {
  from: string;
  name: string;
  text: string;
  /** The pretended network's key: the same again is a second delivery. Absent: a fresh one. */
  key?: string | undefined;
  attachments?: Attachment[] | undefined;
  /** Id of a received message that this answers to. */
  replyTo?: string | undefined;
}

/** The customer's side of the simulator. Both throw ChannelError `channel.inactive` while the channel is off. */
export interface SimulatorPort {
  write(message: SimulatorMessage): Promise<'stored' | 'known' | 'dead'>;
  /** What this customer got, oldest first, the last 200. */
  received(to: string): Promise<SimulatorReceived[]>;
}

/** What a phone mock cannot show. */
const lacking: readonly Ability[] = ['react', 'typing'];

/** How much of what a pretended customer got is kept. */
export const receivedMost = 200;

const identityOf: Record<ChannelKind, Identity['kind']> = {
  whatsapp: 'phone',
  telegram: 'telegram',
  email: 'email',
  webchat: 'webchat',
};

/** A pretended network: the kind and the abilities are those of the row, what is sent is kept in the channel's session. */
export function simulator(row: ChannelRow, _means: MakerMeans): Channel & SimulatorPort {
  const { kind } = row;
  const can = new Set(abilitiesOf[kind].filter((ability) => !lacking.includes(ability)));
  const work = underway();
  let host: ChannelHost | null = null;

  function connected(): ChannelHost {
    if (host === null) throw new ChannelError('temporary', 'channel.inactive');
    return host;
  }

  return {
    kind,
    can,
    async connect(given) {
      await tellConnection(given, { phase: 'connecting', attempt: 1 });
      await tellConnection(given, { phase: 'online', as: kind });
      host = given;
    },
    async disconnect() {
      const last = host;
      host = null;
      await work.drained();
      if (last !== null) await tellConnection(last, { phase: 'off' });
    },
    async send(to, message) {
      const now = connected();
      const externalId = await work.run(() => keep(now, kind, to, message));
      if (can.has('delivered')) unattended(acknowledge(now, work, externalId), 'simulated receipt');
      return { externalId };
    },
    async write(message) {
      const now = connected();
      return await work.run(() => now.receive(eventOf(kind, message)));
    },
    async received(to) {
      const records = await connected().session.list(outbox(to), receivedMost * 2);
      return records.slice(-receivedMost).map(({ value }) => JSON.parse(new TextDecoder().decode(value)));
    },
  };
}

function eventOf(
  kind: ChannelKind,
  { from, name, text, key = newClientId(), attachments = [], replyTo }: SimulatorMessage,
) {
  return {
    type: 'message' as const,
    key,
    externalId: key,
    conversation: from,
    from: { identities: [{ kind: identityOf[kind], value: from }], name, address: from },
    at: new Date().toISOString(),
    content: { text, ...(attachments.length === 0 ? {} : { attachments }) },
    ...(replyTo === undefined ? {} : { replyTo: { externalId: replyTo } }),
  };
}

/** Encoded, so that one customer's prefix is never the beginning of another's. */
function outbox(to: string): string {
  return `out/${encodeURIComponent(to)}/`;
}

/** What the customer has now: a new message, or an earlier one changed. Message ids rise with time, so the records are in order. */
async function keep(host: ChannelHost, as: ChannelKind, to: string, message: OutboundMessage): Promise<string> {
  const { id, at, content, changes, replyTo } = message;
  await message.claim(changes ?? id);
  const key = outbox(to) + (changes ?? id);
  const before = changes === undefined ? null : ((await host.session.get([key]))[key] ?? null);
  if (changes !== undefined && before === null) throw new ChannelError('refused', 'channel.message-gone');
  const fresh: SimulatorReceived = {
    id,
    as,
    at,
    text: '',
    attachments: [],
    replyTo: null,
    editedAt: null,
    removed: false,
  };
  const kept: SimulatorReceived = before === null ? fresh : JSON.parse(new TextDecoder().decode(before));
  const received: SimulatorReceived = {
    ...kept,
    text: content?.text ?? kept.text,
    attachments: content?.attachments ?? kept.attachments,
    replyTo: replyTo?.externalId ?? kept.replyTo,
    editedAt: changes === undefined ? null : at,
    removed: content === null,
  };
  await host.session.set({ [key]: new TextEncoder().encode(JSON.stringify(received)) });
  const records = await host.session.list(outbox(to), receivedMost * 2);
  const surplus = records.slice(0, Math.max(0, records.length - receivedMost));
  if (surplus.length > 0) await host.session.set(Object.fromEntries(surplus.map((one) => [one.key, null])));
  return changes ?? id;
}

/** A real network's receipt comes on its own, after the answer to the send. */
async function acknowledge(host: ChannelHost, work: Underway, externalId: string): Promise<void> {
  await work.run(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await host.receive({ type: 'receipt', externalId, status: 'delivered', at: new Date().toISOString() });
  });
}
