import type { Channel } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { faultPoint } from '#shared/fault.ts';
import { unattended } from '#shared/unattended.ts';
import { settle } from '../desk/delivery/settle.ts';
import type { Desk, KeptMessage, Records } from '../desk/desk.ts';
import { sendMessage } from './send-message.ts';

/** What the sender needs of the switchboard. */
export interface Lines {
  channelIds(): string[];
  channel(channelId: string): Channel | null;
  desk(channelId: string): Desk | null;
  connectionOf(channelId: string): Connection;
  fence(channelId: string): (records: Records) => Promise<void>;
}

export interface OutboxMeans {
  lines: Lines;
  /** Resolves when nothing is being done alone that a send must not stand beside. */
  quietOver(): Promise<void>;
  log(line: string, about: Record<string, unknown>): void;
  fault(what: string, error: unknown): void;
}

/** A channel that can send now. */
interface Ready {
  desk: Desk;
  channel: Channel;
}

/** The sender of one channel. */
export interface ChannelOutbox {
  /** There may be something to send. */
  wake(): void;
  /** What waited for the network waits no longer. */
  release(): void;
  /** Begins nothing more; resolves when what is being sent has ended. */
  close(): Promise<void>;
}

const retryMs = 1_000;
/** Conversations that send at the same time: a slow one holds none of the others. */
const lanesMost = 8;

/** Makes the sender of one channel: conversations beside each other, each in its own order. */
export function channelOutbox(channelId: string, means: OutboxMeans): ChannelOutbox {
  const { lines, quietOver } = means;
  const lanes = new Map<string, Promise<void>>();
  /** Conversations that wait, with the time until when. */
  const held = new Map<string, number>();
  let filling: Promise<void> | null = null;
  let again = false;
  let closed = false;

  /** The channel while it can send: a channel that is down holds its messages, it does not try them. */
  function ready(): Ready | null {
    const desk = lines.desk(channelId);
    const channel = lines.channel(channelId);
    if (closed || desk === null || channel === null || lines.connectionOf(channelId).phase !== 'online') return null;
    return { desk, channel };
  }

  function wake(): void {
    again = true;
    if (filling !== null) return;
    again = false;
    filling = fill().finally(() => {
      filling = null;
      if (again) wake();
    });
    unattended(filling, `outbox of channel ${channelId}`);
  }

  /** Opens a lane for every conversation with something to send, as far as there are lanes. */
  async function fill(): Promise<void> {
    const line = ready();
    if (line === null || lanes.size >= lanesMost) return;
    for (const [conversation, until] of held) if (until <= Date.now()) held.delete(conversation);
    const others = [...lanes.keys(), ...held.keys()];
    const found = await line.desk.store.messages.outgoing(channelId, others, lanesMost * 4);
    for (const conversation of new Set(found.map(({ conversationKey }) => conversationKey ?? ''))) {
      if (lanes.size >= lanesMost) return;
      const lane = sendAll(conversation).finally(() => {
        lanes.delete(conversation);
        wake();
      });
      lanes.set(conversation, lane);
      unattended(lane, `outbox of a conversation of channel ${channelId}`);
    }
  }

  /** A message is only tried when the one before it has left or was given up. */
  async function sendAll(conversation: string): Promise<void> {
    for (;;) {
      await quietOver();
      const line = ready();
      const message = await line?.desk.store.messages.firstOutgoing(channelId, conversation);
      if (line === null || message == null) return;
      const waitMs = await send(means, line, message);
      if (waitMs === null) continue;
      held.set(conversation, Date.now() + waitMs);
      return;
    }
  }

  return {
    wake,
    release() {
      held.clear();
      wake();
    },
    async close() {
      closed = true;
      await Promise.all([filling, ...lanes.values()]);
    },
  };
}

/** Tries one message. Null: it is out of the way; else how long its conversation waits. */
async function send({ lines, log, fault }: OutboxMeans, line: Ready, message: KeptMessage): Promise<number | null> {
  const fence = lines.fence(message.channelId ?? '');
  const { outcome, attempts, waitMs } = await sendMessage({ ...line, fence, fault }, message);
  if (outcome === null) return retryMs;
  await settle(line.desk, message, attempts, outcome);
  await faultPoint('O7');
  if (outcome.state !== 'queued') return null;
  log('send fails for now', { messageId: message.id, failure: outcome.failure });
  return waitMs ?? retryMs;
}
