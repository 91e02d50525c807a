import { type Channel, ChannelError } from '#channels/channel.ts';
import { faultPoint } from '#shared/fault.ts';
import { claim, MovedOn } from '../desk/delivery/claim.ts';
import { outboundOf } from '../desk/delivery/outbound.ts';
import type { Outcome } from '../desk/delivery/settle.ts';
import type { Desk, KeptMessage, Records } from '../desk/desk.ts';
import { LeaseLost } from '../errors.ts';

interface Means {
  desk: Desk;
  channel: Channel;
  fence(records: Records): Promise<void>;
  fault(what: string, error: unknown): void;
}

/** How a try ended. `outcome === null`: the message is no longer ours to send. */
export interface Verdict {
  outcome: Outcome | null;
  /** The number of the try, for settling it. */
  attempts: number;
  /** How long its conversation waits before the next try. */
  waitMs: number | null;
}

/** An adapter's own faults are not tried for ever. */
const faultsMost = 5;
/** How long a network may say "later" (RFC 5321 4.5.4.1 gives mail four to five days; people wait less). */
const patienceMs = 48 * 3_600_000;
const longestWaitMs = 60_000;

/**
 * Tries to send one message. What a dead process left as `sending` is sent again where the network knows an id when it
 * sees it twice; elsewhere nobody can know whether it arrived, so it is `uncertain` and an agent decides.
 */
export async function sendMessage(means: Means, message: KeptMessage): Promise<Verdict> {
  const { desk, channel, fence, fault } = means;
  let attempts = message.delivery?.attempts ?? 0;
  const ended = (outcome: Outcome | null, waitMs: number | null = null): Verdict => ({ outcome, attempts, waitMs });
  await faultPoint('O4');
  if (message.delivery?.state === 'sending' && !channel.can.has('same-id')) {
    return ended({ state: 'uncertain', failure: 'channel.interrupted' });
  }
  try {
    const outbound = await outboundOf(desk, message, async (externalId) => {
      attempts = (await claim(desk, message, fence, externalId)).delivery?.attempts ?? attempts;
      await faultPoint('O5');
    });
    const sent = await channel.send(message.address ?? '', outbound);
    await faultPoint('O6');
    return ended('uncertain' in sent ? { state: 'uncertain', failure: sent.uncertain } : { state: 'sent', ...sent });
  } catch (error) {
    if (error instanceof MovedOn || error instanceof LeaseLost) return ended(null);
    if (error instanceof ChannelError)
      return ended(outcomeOf(desk, message, error), error.retryAfterMs ?? waitOf(attempts));
    fault(`send of message ${message.id}`, error);
    const state = attempts >= faultsMost ? 'failed' : 'queued';
    return ended({ state, failure: 'internal' }, waitOf(attempts));
  }
}

function outcomeOf(desk: Desk, message: KeptMessage, { fault, code }: ChannelError): Outcome {
  if (fault === 'refused') return { state: 'failed', failure: code };
  const waited = Date.parse(desk.now()) - Date.parse(message.at);
  // A channel that is thrown out or off holds its messages, however long it takes.
  const down = fault === 'logged-out' || code === 'channel.inactive';
  return { state: !down && waited > patienceMs ? 'failed' : 'queued', failure: code };
}

const waitOf = (attempts: number): number => Math.min(longestWaitMs, 1_000 * 2 ** attempts);
