import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, ChannelError, type ChannelEvent, type ChannelHost } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Desk, KeptChannel, Records } from '../desk/desk.ts';
import { LeaseLost } from '../errors.ts';
import { downtimeOf } from './downtime.ts';
import { channelHost } from './host.ts';
import { type Lease, takeLease } from './lease.ts';
import type { SwitchboardMeans } from './means.ts';

/** One channel as this process runs it, or waits to run it. */
export interface Line {
  desk: Desk;
  /** As it was when the line was opened, but for what `keep` has brought. */
  row: KeptChannel;
  /** Goes on with what does not concern the connection: name, department. */
  keep(row: KeptChannel): void;
  /** Null while another process has it. */
  channel(): Channel | null;
  fence(records: Records): Promise<void>;
  /** Takes an event in as if the channel had brought it. Throws ChannelError `channel.inactive` when it does not run. */
  take(event: ChannelEvent): Promise<'stored' | 'known' | 'dead'>;
  /** Resolves when the first try has ended, well or badly. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What a line has while it holds the lease. */
interface Held {
  lease: Lease;
  channel: Channel | null;
  host: ChannelHost | null;
}

/** What one line is opened with. */
interface Opening {
  means: SwitchboardMeans;
  desk: Desk;
  row: KeptChannel;
  tell(connection: Connection): void;
}

/** Two owners of one account fight: the one that is thrown out stays away for a while. */
const awayMs = 30_000;
/** How often a line that another process has is asked for. */
const askMs = 3_000;
/** A dead owner's last frames may still be on their way. */
const takeoverMs = 2_000;
/** A network that does not answer must not keep the line from coming back. */
const letGoMs = 15_000;

/** Takes the channel's lease, runs it, and comes back when the lease was lost or the account was used elsewhere. */
export function openLine(opening: Opening): Line {
  const { means, desk, row, tell } = opening;
  const closing = new AbortController();
  const first = gate();
  let held: Held | null = null;
  const wait = (ms: number): Promise<unknown> => pause(ms, null, { signal: closing.signal }).catch(() => null);
  const later = (ms: number): string => new Date(Date.parse(desk.now()) + ms).toISOString();

  async function run(): Promise<void> {
    await desk.store.leases.ensure(row.id);
    while (!closing.signal.aborted) {
      const lease = await ask(opening);
      if (lease === null) tell({ phase: 'waiting', retryAt: later(askMs), reason: 'channel.owned-elsewhere' });
      else await runWith(lease);
      first.open();
      if (lease === null) await wait(askMs);
    }
  }

  /** Ends when the line closes, the lease is lost, or the account is used elsewhere. */
  async function runWith(lease: Lease): Promise<void> {
    const elsewhere = new AbortController();
    held = { lease, channel: null, host: null };
    if (lease.taken && row.kind === 'whatsapp' && !row.simulated) await wait(takeoverMs);
    const channel = await connected(opening, lease, elsewhere, (made) => {
      held = { lease, ...made };
    });
    first.open();
    await aborted(AbortSignal.any([closing.signal, lease.signal, elsewhere.signal]));
    held = null;
    const lost = !closing.signal.aborted && !elsewhere.signal.aborted;
    // Said before the network is let go: that may take its time, and nothing comes in or goes out any more.
    if (lost) tell({ phase: 'waiting', retryAt: later(askMs), reason: 'channel.owned-elsewhere' });
    await letGo(channel);
    await lease.release().catch((error: unknown) => means.log('a lease is not given back', { error: String(error) }));
    if (!elsewhere.signal.aborted || closing.signal.aborted) return;
    tell({ phase: 'waiting', retryAt: later(awayMs), reason: 'channel.used-elsewhere' });
    await wait(awayMs);
  }

  /** What the channel still does after the time is up is fenced off by the lease. */
  async function letGo(channel: Channel | null): Promise<void> {
    const late = pause(letGoMs, 'late' as const, { ref: false });
    const how = await Promise.race([channel?.disconnect(), late]);
    if (how === 'late') means.log('a channel does not let go', { channelId: row.id });
  }

  const running = run().finally(first.open);
  unattended(running, `line of channel ${row.id}`);
  return {
    desk,
    row,
    // The same object is what the channel's inbox reads at each message.
    keep: (next) => void Object.assign(row, next),
    channel: () => held?.channel ?? null,
    async fence(records) {
      if (held === null) throw new LeaseLost('this process does not run the channel');
      await held.lease.fence(records);
    },
    async take(event) {
      if (held?.host == null) throw new ChannelError('temporary', 'channel.inactive');
      return await held.host.receive(event);
    },
    settled: () => first.promise,
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function ask({ means, desk, row }: Opening): Promise<Lease | null> {
  const { owner, leaseTimes: times, alone } = means;
  try {
    return await takeLease({ desk, channelId: row.id, owner, times, alone });
  } catch (error) {
    means.log('the lease of a channel cannot be asked for', { channelId: row.id, error: String(error) });
    return null;
  }
}

/** Makes and connects the channel; null when its settings do not work: it stays off until they change. */
async function connected(
  { means, desk, row, tell }: Opening,
  lease: Lease,
  elsewhere: AbortController,
  made: (made: Omit<Held, 'lease'>) => void,
): Promise<Channel | null> {
  const { sockets, endpoints, media, quiet, log } = means;
  const downtime = downtimeOf(desk, row);
  const host = channelHost({
    ...{ desk, row, lease, media, quiet, log },
    recovered: downtime.recovered,
    tell(connection) {
      downtime.follow(connection);
      tell(connection);
      if (connection.phase === 'waiting' && connection.reason === 'used-elsewhere') elsewhere.abort();
    },
  });
  try {
    const maker = await means.makerOf(row);
    const channel = maker({ ...row, settings: desk.channelKinds.opened(desk, row) }, { sockets, endpoints });
    made({ channel, host });
    await channel.connect(host);
    return channel;
  } catch (error) {
    made({ channel: null, host: null });
    const reason = error instanceof ChannelError ? error.code : 'internal';
    tell({ phase: 'off', reason });
    log('channel does not connect', { channelId: row.id, reason, error: String(error) });
    return null;
  }
}

function gate(): { promise: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
