import { unattended } from '#shared/unattended.ts';
import type { Desk, Records } from '../desk/desk.ts';
import { LeaseLost } from '../errors.ts';

/** Milliseconds. The owner stops itself before the database lets another one in. */
export interface LeaseTimes {
  hold: number;
  renew: number;
  /** Counted from when the last successful renewal was sent. */
  deadline: number;
}

export const leaseTimes: LeaseTimes = { hold: 15_000, renew: 5_000, deadline: 12_000 };

/** The right to run a channel: one owner at a time, judged by the database's clock. */
export interface Lease {
  epoch: number;
  /** Whether another owner held it before, and did not give it back. */
  taken: boolean;
  /** Aborts when the lease is lost or given back. */
  signal: AbortSignal;
  /** Inside a transaction: throws LeaseLost unless this is still the owner; nobody else becomes it before the commit. */
  fence(records: Records): Promise<void>;
  release(): Promise<void>;
}

interface Asked {
  desk: Desk;
  channelId: string;
  /** This process, new at each start. */
  owner: string;
  times: LeaseTimes;
  /** Nobody else can be on this database, so what a dead process left is no owner. */
  alone: boolean;
}

/** Takes the lease and keeps renewing it; null: another one holds it. */
export async function takeLease({ desk, channelId, owner, times, alone }: Asked): Promise<Lease | null> {
  const { leases } = desk.store;
  let sent = performance.now();
  const held = await leases.take(channelId, owner, times.hold, alone);
  if (held === null) return null;
  const lost = new AbortController();
  let timer: NodeJS.Timeout | null = null;

  function lose(): void {
    if (timer !== null) clearTimeout(timer);
    if (!lost.signal.aborted) lost.abort(new LeaseLost('the lease is lost'));
  }

  /** A process that was stopped wakes up past its deadline: then it asks nothing, it has lost. */
  const late = (): boolean => performance.now() - sent > times.deadline;

  async function renew(): Promise<void> {
    if (late()) return lose();
    const asked = performance.now();
    const left = times.deadline - (asked - sent);
    const answer = await Promise.race([ask(), new Promise<'late'>((resolve) => setTimeout(resolve, left, 'late'))]);
    if (lost.signal.aborted) return;
    if (answer === 'gone' || late()) return lose();
    if (answer === 'held') sent = asked;
    timer = setTimeout(() => unattended(renew(), 'renew a lease'), answer === 'held' ? times.renew : times.renew / 5);
  }

  async function ask(): Promise<'held' | 'gone' | 'no answer'> {
    try {
      const now = await leases.take(channelId, owner, times.hold, false);
      return now?.epoch === held?.epoch ? 'held' : 'gone';
    } catch {
      return 'no answer';
    }
  }

  timer = setTimeout(() => unattended(renew(), 'renew a lease'), times.renew);
  return {
    epoch: held.epoch,
    taken: held.taken,
    signal: lost.signal,
    async fence(records) {
      const mine = !lost.signal.aborted && (await records.leases.touch(channelId, owner, held.epoch));
      if (!mine) throw new LeaseLost('another process runs this channel');
    },
    async release() {
      lose();
      await leases.release(channelId, owner);
    },
  };
}
