import type { SimulatorReceived } from '#shared/api.ts';
import { abilitiesOf, type ChannelKind } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import type { Identity } from '#shared/people.ts';
import { unattended } from '#shared/unattended.ts';
import {
  type Channel,
  ChannelError,
  type ChannelHost,
  type ChannelRow,
  type OutboundMessage,
  type SocketServer,
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
}

/** The customer's side of the simulator. Both throw ChannelError `channel.inactive` while the channel is off. */
export interface SimulatorPort {
  write(message: SimulatorMessage): Promise<'stored' | 'known'>;
  /** What this customer got, oldest first, the last 200. */
  received(to: string): Promise<SimulatorReceived[]>;
}

/** How much of what a pretended customer got is kept. */
export const receivedMost = 200;

const identityOf: Record<ChannelKind, Identity['kind']> = {
  whatsapp: 'phone',
  telegram: 'telegram',
  email: 'email',
  webchat: 'webchat',
};

/** A pretended network: the kind and the abilities are those of the row, what is sent is kept in the channel's session. */
export function simulator(row: ChannelRow, _means: { sockets: SocketServer }): Channel & SimulatorPort {
  const { kind } = row;
  const can = new Set(abilitiesOf[kind]);
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
      const sent = await work.run(() => keep(now, kind, to, message));
      if (can.has('delivered')) unattended(acknowledge(now, work, sent.externalId), 'simulated receipt');
      return sent;
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

function eventOf(kind: ChannelKind, { from, name, text, key }: SimulatorMessage) {
  return {
    type: 'message' as const,
    key: key ?? newClientId(),
    conversation: from,
    from: { identities: [{ kind: identityOf[kind], value: from }], name, address: from },
    at: new Date().toISOString(),
    content: { text },
  };
}

/** Encoded, so that one customer's prefix is never the beginning of another's. */
function outbox(to: string): string {
  return `out/${encodeURIComponent(to)}/`;
}

/** Message ids rise with time, so the records of one customer are in order and the first ones are the oldest. */
async function keep(host: ChannelHost, as: ChannelKind, to: string, message: OutboundMessage) {
  const { id, at, content } = message;
  const received: SimulatorReceived = { id, as, at, text: content.text };
  await host.session.set({ [outbox(to) + id]: new TextEncoder().encode(JSON.stringify(received)) });
  const records = await host.session.list(outbox(to), receivedMost * 2);
  const surplus = records.slice(0, Math.max(0, records.length - receivedMost));
  if (surplus.length > 0) await host.session.set(Object.fromEntries(surplus.map(({ key }) => [key, null])));
  return { externalId: id };
}

/** A real network's receipt comes on its own, after the answer to the send. */
async function acknowledge(host: ChannelHost, work: Underway, messageId: string): Promise<void> {
  await work.run(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await host.receive({ type: 'receipt', messageId, status: 'delivered', at: new Date().toISOString() });
  });
}
