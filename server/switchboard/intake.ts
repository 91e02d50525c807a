import type { Desk, KeptChannel } from '../desk/desk.ts';
import type { Arrival } from '../desk/tickets/arrival.ts';
import { receive, type Taken } from '../desk/tickets/receive.ts';

/** The way in of one channel's messages: what piles up while one group is being stored is the next group. */
export interface Intake {
  /** Resolves when the message is durable; rejects when it is not. Messages are taken in the order of the calls. */
  take(arrival: Arrival): Promise<Taken>;
}

const groupMost = 64;

interface Waiting {
  arrival: Arrival;
  resolve(taken: Taken): void;
  reject(error: unknown): void;
}

/**
 * No timer: an idle desk waits for nothing, and groups grow with load. A group that fails is rolled back and its
 * messages are taken one by one, so that a poisoned one costs the others nothing but that.
 */
export function intakeOf(desk: Desk, channel: KeptChannel): Intake {
  const waiting: Waiting[] = [];
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    try {
      while (waiting.length > 0) await group(waiting.splice(0, groupMost));
    } finally {
      busy = false;
    }
  }

  async function group(batch: Waiting[]): Promise<void> {
    try {
      const taken = await receive(
        desk,
        channel,
        batch.map(({ arrival }) => arrival),
      );
      for (const [index, one] of batch.entries()) one.resolve(taken[index] ?? 'stored');
    } catch (error) {
      if (batch.length === 1) for (const one of batch) one.reject(error);
      else for (const one of batch) await group([one]);
    }
  }

  return {
    take(arrival) {
      return new Promise((resolve, reject) => {
        waiting.push({ arrival, resolve, reject });
        // `group` settles every promise itself and never throws.
        if (!busy) run().catch(reject);
      });
    },
  };
}
