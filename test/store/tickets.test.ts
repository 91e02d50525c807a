import { describe, expect, it } from 'vitest';
import { Duplicate } from '#server/errors.ts';
import { newId, storeOf } from '#server/store/store.ts';
import { testDatabase } from '../support/database.ts';
import { story } from '../support/story.ts';

describe('tickets in the store', async () => {
  const connection = await testDatabase();
  const { admin, writes, ticketOf } = await story({ connection });
  const store = storeOf(connection, (await admin.get('/me')).body.company.id);
  await writes('oi', { from: '+551' });
  const before = await store.tickets.byId((await ticketOf('+551')).id);
  if (before === null) throw new Error('no ticket');

  it('are written only where nobody wrote them since they were read', async () => {
    expect(await store.tickets.put([{ before, after: { ...before, description: 'a', seq: before.seq + 1 } }])).toBe(
      true,
    );
    expect(await store.tickets.put([{ before, after: { ...before, description: 'b', seq: before.seq + 1 } }])).toBe(
      false,
    );
    expect(await store.tickets.byId(before.id)).toMatchObject({ description: 'a', seq: before.seq + 1 });
  });

  it('a conversation has one open ticket, a company one ticket of a protocol, both by unique index', async () => {
    const second = { ...before, id: newId(), protocol: '2099-000001' };
    await expect(store.transact((records) => records.tickets.add([second]))).rejects.toMatchObject({
      index: 'ticket_open_conversation',
    });
    const twin = { ...before, id: newId(), channelId: null, conversationKey: null };
    await expect(store.transact((records) => records.tickets.add([twin]))).rejects.toBeInstanceOf(Duplicate);
    expect(await store.tickets.byIds([second.id, twin.id])).toEqual([]);
  });
});
