import type { ChannelEvent } from '#channels/channel.ts';
import { join } from '../desk/contacts/join.ts';
import { receipt } from '../desk/delivery/receipt.ts';
import type { Desk, KeptChannel } from '../desk/desk.ts';
import { earlyEventsOf } from './early.ts';
import { intakeOf } from './intake.ts';
import { patiently } from './patiently.ts';
import type { Quiet } from './quiet.ts';
import { suspicionOf } from './suspicion.ts';

type Event = Exclude<ChannelEvent, { type: 'connection' }>;
type Taken = 'stored' | 'known' | 'dead';

/** The way in of one channel. */
export interface Inbox {
  /** Resolves when the event is dealt with for good; rejects only when `signal` aborts before that. */
  take(event: Event): Promise<Taken>;
}

interface Means {
  desk: Desk;
  row: KeptChannel;
  signal: AbortSignal;
  /** The owner before this one did not end properly. */
  unclean: boolean;
  quiet: Quiet;
  log(line: string, about: Record<string, unknown>): void;
}

const triesMost = 5;
const rawMost = 256 * 1024;

/** Makes the inbox of one channel. What fails for its own sake goes to the dead letters, and the rest goes on. */
export function inboxOf({ desk, row, signal, unclean, quiet, log }: Means): Inbox {
  const intake = intakeOf(desk, row);
  const early = earlyEventsOf(desk, row.id);
  const suspicion = suspicionOf({ desk, channelId: row.id, unclean, quiet, signal });

  async function deal(event: Event): Promise<Taken> {
    switch (event.type) {
      case 'message': {
        const taken = await intake.take(event);
        if (taken === 'stored') await early.arrived(event.externalId);
        return taken;
      }
      case 'change':
      case 'reaction':
        return await early.take(event);
      case 'receipt':
        return await receipt(desk, row.id, event);
      case 'identity':
        return await join(desk, event.same);
      case 'typing': {
        const [ticket] = await desk.store.tickets.openIn(row.id, [event.conversation]);
        if (ticket === undefined) return 'known';
        desk.say({ event: 'customer.typing', payload: { ticketId: ticket.id, on: event.on } });
        return 'stored';
      }
      case 'unreadable':
        await bury(desk, row.id, event, event.reason);
        return 'dead';
    }
  }

  /** Five tries; what fails for its own sake is buried. */
  async function insist(event: Event): Promise<Taken> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await patiently(signal, () => deal(event));
      } catch (error) {
        if (signal.aborted) throw error;
        log('an event of a channel fails', { channelId: row.id, type: event.type, attempt, error: nameOf(error) });
        if (attempt < triesMost) continue;
        return await burial(event, nameOf(error));
      }
    }
  }

  async function burial(event: Event, reason: string): Promise<Taken> {
    await patiently(signal, () => bury(desk, row.id, event, reason));
    return 'dead';
  }

  return {
    async take(event) {
      if (!('key' in event)) return await insist(event);
      return await suspicion.run(
        `${event.type} ${event.key}`,
        () => insist(event),
        () => burial(event, 'process-died'),
      );
    },
  };
}

/** Lays an event with the dead letters, with what its network brought as far as that is small. */
async function bury(desk: Desk, channelId: string, event: Event, reason: string): Promise<void> {
  const { raw, ...plain } = event;
  const id = desk.newId();
  const key = 'key' in event ? event.key : `${event.type} ${id}`;
  const letter = { id, channelId, key, at: desk.now(), reason, tries: 1 };
  const bytes = raw === undefined || raw.length > rawMost ? null : raw;
  await desk.store.deadLetters.keep({ ...letter, event: event.type === 'unreadable' ? null : plain }, bytes);
}

/** What went wrong, without what the customer wrote: database errors quote documents. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
