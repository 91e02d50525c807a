import { describe, expect, it } from 'vitest';
import { newId, storeOf } from '#server/store/store.ts';
import { testDatabase } from '../support/database.ts';
import { story } from '../support/story.ts';

describe('forwardings in the store', async () => {
  const connection = await testDatabase();
  const { admin, department } = await story({ connection });
  const store = storeOf(connection, (await admin.get('/me')).body.company.id);
  const ticket = (await admin.get('/tickets')).body.items[0];
  const asked = { toDepartmentId: await department('Financeiro'), question: '?' };
  const { id, by, forwardedAt } = (await admin.post(`/tickets/${ticket.id}/forwardings`, asked)).body;
  const answer = (text: string) => ({
    at: forwardedAt,
    technicianId: newId(),
    conclusionId: newId(),
    text,
    recordedBy: by,
    recordedAt: forwardedAt,
  });

  it('R21 keep their first answer', async () => {
    expect(await store.forwardings.answer(id, answer('primeira'))).toBe(true);
    expect(await store.forwardings.answer(id, answer('segunda'))).toBe(false);
    expect((await store.forwardings.byId(id))?.answer?.text).toBe('primeira');
  });
});
