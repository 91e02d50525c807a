import type { ChannelHost } from '#channels/channel.ts';
import { faultPoint } from '#shared/fault.ts';
import type { Desk } from '../desk/desk.ts';
import type { Lease } from './lease.ts';
import { patiently } from './patiently.ts';

type Changes = Parameters<ChannelHost['session']['set']>[0];

interface Waiting {
  changes: Changes;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The small records that a channel keeps for itself: sealed with their place, written under the lease. Writes go one
 * after the other, and those that wait become one transaction: the lease's row would conflict with itself otherwise.
 */
export function sessionOf(desk: Desk, channelId: string, lease: Lease): ChannelHost['session'] {
  const { store, seal, company } = desk;
  const placeOf = (key: string): string => `${company.id} ${channelId} session ${key}`;
  const opened = ({ key, value }: { key: string; value: Uint8Array }) => ({
    key,
    value: seal.unlock(placeOf(key), value),
  });
  const waiting: Waiting[] = [];
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    try {
      while (waiting.length > 0) await together(waiting.splice(0));
    } finally {
      busy = false;
    }
  }

  async function together(group: Waiting[]): Promise<void> {
    const changes: Changes = Object.assign({}, ...group.map((one) => one.changes));
    try {
      await patiently(lease.signal, () =>
        store.transact(async (records) => {
          await lease.fence(records);
          await records.channelSessions.set(channelId, sealed(changes));
        }),
      );
      await faultPoint('I2');
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  function sealed(changes: Changes) {
    return Object.fromEntries(
      Object.entries(changes).map(([key, change]) => {
        if (change === null) return [key, null];
        const { value, expiresAt } = change instanceof Uint8Array ? { value: change, expiresAt: null } : change;
        return [key, { value: seal.lock(placeOf(key), value), expiresAt }];
      }),
    );
  }

  return {
    async get(keys) {
      if (keys.length === 0) return {};
      const found = await patiently(lease.signal, () => store.channelSessions.get(channelId, keys));
      return Object.fromEntries(found.map(opened).map(({ key, value }) => [key, value]));
    },
    set(changes) {
      return new Promise((resolve, reject) => {
        waiting.push({ changes, resolve, reject });
        // `together` settles every promise itself and never throws.
        if (!busy) run().catch(reject);
      });
    },
    async list(prefix, limit) {
      return (await patiently(lease.signal, () => store.channelSessions.list(channelId, prefix, limit))).map(opened);
    },
  };
}
