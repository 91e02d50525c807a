import { type Channel, ChannelError } from '#channels/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Bus } from '../bus.ts';
import { claim } from '../desk/delivery/claim.ts';
import { type Outcome, settle } from '../desk/delivery/settle.ts';
import type { Desk, KeptMessage } from '../desk/desk.ts';

/** What the sender needs of the switchboard. */
interface Lines {
  channelIds(): string[];
  channel(channelId: string): Channel | null;
  desk(channelId: string): Desk | null;
}

/** Sends what the desk has queued. The messages themselves are the outbox: a lost wake-up costs a look, never a message. */
export interface Outbox {
  /** Resolves when what is being sent has ended; nothing is begun after it. */
  close(): Promise<void>;
}

const batch = 50;
const lookEvery = 1_000;
const triesMost = 5;

/** Starts the sender: on `outbox.wake`, and by a look of its own every second. */
export function startOutbox(
  bus: Bus,
  lines: Lines,
  log: (line: string, about: Record<string, unknown>) => void,
  fault: (what: string, error: unknown) => void,
): Outbox {
  const busy = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const waiting = new Map<string, number>();
  let closed = false;

  function wake(channelId: string): void {
    if (closed) return;
    if (busy.has(channelId)) {
      again.add(channelId);
      return;
    }
    const run = drain(channelId).finally(() => {
      busy.delete(channelId);
      if (again.delete(channelId)) wake(channelId);
    });
    busy.set(channelId, run);
    unattended(run, `outbox of channel ${channelId}`);
  }

  /** Sends in order: of each conversation only the first message is tried until it has left. */
  async function drain(channelId: string): Promise<void> {
    for (;;) {
      const desk = lines.desk(channelId);
      const channel = lines.channel(channelId);
      if (desk === null || channel === null || closed) return;
      const found = await outgoing(desk, channelId);
      const held = new Set<string>();
      let sent = 0;
      for (const message of found) {
        const conversation = message.conversationKey ?? '';
        if (closed || held.has(conversation)) continue;
        if ((waiting.get(message.id) ?? 0) > Date.now() || !(await sendOne(desk, channel, message)))
          held.add(conversation);
        else sent += 1;
      }
      if (sent === 0 || found.length < batch) return;
    }
  }

  /** False: it stays queued, and its conversation waits. */
  async function sendOne(desk: Desk, channel: Channel, message: KeptMessage): Promise<boolean> {
    const claimed = await claim(desk, message);
    if (claimed === null) return true;
    const outcome = await tryToSend(channel, claimed, fault);
    if (outcome.state === 'queued') {
      waiting.set(message.id, Date.now() + Math.min(60_000, 1_000 * 2 ** (claimed.delivery?.attempts ?? 1)));
      log('send fails for now', { messageId: message.id, failure: outcome.failure });
    } else waiting.delete(message.id);
    await settle(desk, claimed, outcome);
    return outcome.state !== 'queued';
  }

  bus.on('outbox.wake', ({ channelId }) => wake(channelId));
  const timer = setInterval(() => lines.channelIds().forEach(wake), lookEvery);
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await Promise.all(busy.values());
    },
  };
}

/**
 * What is queued, and what a dead process left as `sending`: the channels of this build all take the same id twice
 * without harm, so that is sent again.
 */
async function outgoing(desk: Desk, channelId: string): Promise<KeptMessage[]> {
  const [left, queued] = await Promise.all([
    desk.store.messages.outgoing(channelId, 'sending', batch),
    desk.store.messages.outgoing(channelId, 'queued', batch),
  ]);
  return [...left, ...queued].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** An adapter's own fault counts as a passing one: it is logged, and after a few tries the message is shown as failed. */
async function tryToSend(
  channel: Channel,
  message: KeptMessage,
  fault: (what: string, error: unknown) => void,
): Promise<Outcome> {
  try {
    const { id, at, author, content, address } = message;
    const { externalId } = await channel.send(address ?? '', { id, at, authorName: author.name, content });
    return { state: 'sent', externalId };
  } catch (error) {
    if (!(error instanceof ChannelError)) fault(`send of message ${message.id}`, error);
    const { fault: kind, code } = error instanceof ChannelError ? error : new ChannelError('temporary', 'internal');
    const attempts = message.delivery?.attempts ?? 1;
    const hopeless = kind === 'refused' || (code !== 'channel.inactive' && attempts >= triesMost);
    return { state: hopeless ? 'failed' : 'queued', failure: code };
  }
}
