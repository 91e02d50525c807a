import { describe, expect, it } from 'vitest';
import { LeaseLost } from '#server/errors.ts';
import { type Lease, type LeaseTimes, takeLease } from '#server/switchboard/lease.ts';
import { story } from '../support/story.ts';

describe('the lease of a channel', async () => {
  const { app, admin } = await story();
  const desk = await app.deskOf((await admin.get('/me')).body.company.id);

  /** A channel's lease that nobody holds. */
  async function fresh(): Promise<string> {
    const channelId = desk.newId();
    await desk.store.leases.add(channelId);
    return channelId;
  }
  const take = (channelId: string, owner: string, times: Partial<LeaseTimes> = {}, alone = false) =>
    takeLease({ desk, channelId, owner, alone, times: { hold: 15_000, renew: 5_000, deadline: 12_000, ...times } });
  const touch = (lease: Lease) => desk.store.transact((records) => lease.fence(records));

  it('has one owner, however many ask at once', async () => {
    const channelId = await fresh();
    const owners = Array.from({ length: 8 }, (_, n) => `process ${n}`);
    const taken = await Promise.all(owners.map((owner) => take(channelId, owner)));
    const held = taken.filter((lease) => lease !== null);
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ epoch: 1, taken: false });
    await held[0]?.release();
  });

  it('goes to the next at once when it is given back, with a higher epoch', async () => {
    const channelId = await fresh();
    const first = await take(channelId, 'a');
    expect(await take(channelId, 'b')).toBeNull();
    await first?.release();
    expect(first?.signal.aborted).toBe(true);
    const second = await take(channelId, 'b');
    expect(second).toMatchObject({ epoch: 2, taken: false });
    await second?.release();
  });

  it('goes to another when its owner is dead and its time is over, and says so', async () => {
    const channelId = await fresh();
    await desk.store.leases.take(channelId, 'dead', 200, false);
    await expect.poll(() => take(channelId, 'b'), { timeout: 10_000 }).not.toBeNull();
    expect(await desk.store.leases.byId(channelId)).toMatchObject({ owner: 'b', epoch: 2 });
  });

  it('is taken at once from a dead process where no other can be alive', async () => {
    const channelId = await fresh();
    await desk.store.leases.take(channelId, 'dead', 60_000, false);
    const lease = await take(channelId, 'b', {}, true);
    expect(lease).toMatchObject({ epoch: 2, taken: true });
    await lease?.release();
  });

  it('is kept by renewing', async () => {
    const channelId = await fresh();
    const lease = await take(channelId, 'a', { hold: 2_000, renew: 50, deadline: 1_600 });
    const before = await desk.store.leases.byId(channelId);
    await expect
      .poll(async () => (await desk.store.leases.byId(channelId))?.until, { timeout: 10_000 })
      .not.toBe(before?.until);
    expect(lease?.signal.aborted).toBe(false);
    await lease?.release();
  });

  it('is lost when it cannot be renewed in time, before another one may have it', async () => {
    const channelId = await fresh();
    const lease = await take(channelId, 'a', { hold: 60_000, renew: 20, deadline: 400 });
    // The database does not answer any more.
    const { leases } = desk.store;
    const asks = leases.take;
    leases.take = () => new Promise(() => undefined);
    try {
      await expect.poll(() => lease?.signal.aborted, { timeout: 10_000 }).toBe(true);
    } finally {
      leases.take = asks;
    }
    expect((await leases.byId(channelId))?.owner).toBe('a');
  });

  it('refuses every write of an owner that was replaced, also when it does not know it yet', async () => {
    const channelId = await fresh();
    const stale = await take(channelId, 'a', { hold: 1, renew: 60_000, deadline: 120_000 });
    await expect.poll(() => take(channelId, 'b'), { timeout: 10_000 }).not.toBeNull();
    expect(stale?.signal.aborted).toBe(false);
    await expect(touch(stale!)).rejects.toBeInstanceOf(LeaseLost);
  });

  it('does not change hands between the fence and the commit', async () => {
    const channelId = await fresh();
    const lease = await take(channelId, 'a', { hold: 1, renew: 60_000, deadline: 120_000 });
    const order: string[] = [];
    let asking: Promise<unknown> = Promise.resolve();
    await desk.store.transact(async (records) => {
      await lease!.fence(records);
      // The time is over; but the row is written here, so that the other one has to wait.
      asking = desk.store.leases.take(channelId, 'b', 60_000, false).then(() => order.push('b owns it'));
      await records.channelSessions.set(channelId, { key: { value: Buffer.from('x'), expiresAt: null } });
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push('written');
    });
    await asking;
    expect(order).toEqual(['written', 'b owns it']);
    expect(await desk.store.channelSessions.list(channelId, '', 10)).toHaveLength(1);
  });
});
