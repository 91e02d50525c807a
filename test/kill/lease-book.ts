import { type Connection, Types } from 'mongoose';
import { expect } from 'vitest';
import { leaseTimes } from '#server/switchboard/lease.ts';

/** A lease as the database holds it; times in ms by the database's clock. */
export interface Entry {
  owner: string;
  epoch: number;
  until: number;
  /** How many fenced transactions were committed. */
  touched: number;
}

/** What fenced writes leave behind: all of it must stay as it is while an owner that was replaced is awake. */
export interface Fenced {
  leases: Record<string, Entry>;
  sessions: unknown[];
  /** Messages that are marked as being sent. */
  claims: string[];
}

const hexOf = (bytes: unknown): string => Buffer.from((bytes as { buffer: Uint8Array }).buffer).toString('hex');

/** Reads what decides who runs a channel, past every desk. */
export class LeaseBook {
  private readonly connection: Connection;
  private readonly channelIds: string[];

  constructor(connection: Connection, channelIds: string[]) {
    this.connection = connection;
    this.channelIds = channelIds;
  }

  async now(): Promise<Record<string, Entry>> {
    const rows = await this.connection.collection('leases').find(this.ours('_id')).toArray();
    return Object.fromEntries(
      rows.map(({ _id, owner, epoch, until, touched }) => [
        String(_id),
        { owner: String(owner), epoch: Number(epoch), until: Number(until), touched: Number(touched) },
      ]),
    );
  }

  /**
   * Resolves when every channel has a new owner, with the last entry of the old one and the first of the new one.
   * Read so often that none is missed: a lease is renewed every five seconds.
   */
  async handedOver(of = this.channelIds): Promise<{ channelId: string; before: Entry; after: Entry }[]> {
    const first = await this.now();
    const last = { ...first };
    const next: Record<string, Entry> = {};
    await expect
      .poll(
        async () => {
          const now = await this.now();
          for (const channelId of of) {
            const [entry, from] = [now[channelId]!, first[channelId]!];
            if (entry.epoch === from.epoch && entry.owner !== '') last[channelId] = entry;
            if (entry.epoch !== from.epoch) next[channelId] ??= entry;
          }
          return Object.keys(next).sort();
        },
        { timeout: 90_000, interval: 100 },
      )
      .toEqual([...of].sort());
    return of.map((channelId) => ({ channelId, before: last[channelId]!, after: next[channelId]! }));
  }

  async fenced(): Promise<Fenced> {
    const sessions = await this.connection
      .collection('channelSessions')
      .find(this.ours('channelId'))
      .sort({ channelId: 1, key: 1 })
      .toArray();
    const claims = await this.connection
      .collection('messages')
      .find({ ...this.ours('channelId'), 'delivery.state': 'sending' })
      .toArray();
    return {
      leases: await this.now(),
      sessions: sessions.map(({ channelId, key, value }) => [String(channelId), key, hexOf(value)]),
      claims: claims.map(({ _id }) => String(_id)).sort(),
    };
  }

  /** Takes every channel's lease, as a process does that replaces its owner. Null while one is still held. */
  async seize(owner: string): Promise<void> {
    for (const channelId of this.channelIds) {
      const free = { _id: new Types.ObjectId(channelId), $expr: { $lt: ['$until', '$$NOW'] } };
      const mine = { owner, until: { $add: ['$$NOW', 600_000] }, epoch: { $add: ['$epoch', 1] } };
      await expect
        .poll(
          async () => (await this.connection.collection('leases').updateOne(free, [{ $set: mine }])).modifiedCount,
          { timeout: 60_000, interval: 100 },
        )
        .toBe(1);
    }
  }

  /** Gives all of them back. */
  async free(): Promise<void> {
    await this.connection
      .collection('leases')
      .updateMany(this.ours('_id'), { $set: { owner: '', until: new Date(0) } });
  }

  private ours(field: string) {
    return { [field]: { $in: this.channelIds.map((id) => new Types.ObjectId(id)) } };
  }
}

/** When this entry's owner got or renewed the lease. */
export const heldSince = ({ until }: Entry): number => until - leaseTimes.hold;
