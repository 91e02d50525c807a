import { describe, expect, it } from 'vitest';
import { newId, storeOf } from '#server/store/store.ts';
import { testDatabase } from '../support/database.ts';
import { once, story } from '../support/story.ts';

describe('the store of one company', async () => {
  const connection = await testDatabase();
  const { admin, writes, department } = await story({ connection });
  const own = storeOf(connection, (await admin.get('/me')).body.company.id);
  const foreign = storeOf(connection, newId());
  await writes('oi', { from: '+551', key: 'k' });
  const ticket = (await admin.get('/tickets')).body.items[0];
  await admin.post(`/tickets/${ticket.id}/messages`, once({ text: 'olá' }));
  const note = (await admin.post(`/tickets/${ticket.id}/notes`, once({ text: 'nota' }))).body;
  const toDepartmentId = await department('Financeiro');
  const forwarding = (await admin.post(`/tickets/${ticket.id}/forwardings`, { toDepartmentId, question: '?' })).body;
  const message = (await admin.get(`/tickets/${ticket.id}/messages`)).body.items[0];
  const all = { all: true } as const;

  /** Every way of reading, with arguments that find something in the own company. */
  const reads: Record<string, (store: typeof own) => Promise<unknown>> = {
    agents: (store) => store.agents.all(),
    departments: (store) => store.catalog.departments(),
    department: (store) => store.catalog.department(toDepartmentId),
    conclusions: (store) => store.catalog.conclusions(),
    channels: (store) => store.channels.all(),
    channel: (store) => store.channels.byId(ticket.channelId),
    contacts: async (store) => [...(await store.contacts.byIdentities([{ kind: 'phone', value: '+551' }]))],
    identities: (store) => store.contacts.identities(ticket.contact.id),
    'forwarding by id': (store) => store.forwardings.byId(forwarding.id),
    'forwardings by ids': (store) => store.forwardings.byIds([forwarding.id]),
    'forwardings of a ticket': (store) => store.forwardings.ofTicket(ticket.id),
    'page of forwardings': (store) => store.forwardings.page({ toDepartmentIds: null, open: null }, null, 10),
    history: (store) => store.history.after(ticket.id, 0, 10),
    'message by id': (store) => store.messages.byId(message.id),
    'messages by ids': (store) => store.messages.byIds([message.id]),
    'messages of a ticket': (store) => store.messages.ofTicket(ticket.id, null, 10),
    'messages of a conversation': (store) => store.messages.ofConversation(ticket.channelId, '+551', null, 10),
    notes: (store) => store.notes.byIds([note.id]),
    'ticket by id': (store) => store.tickets.byId(ticket.id),
    'tickets by ids': (store) => store.tickets.byIds([ticket.id]),
    'open tickets': (store) => store.tickets.openIn(ticket.channelId, ['+551']),
    'last ticket': (store) => store.tickets.lastIn(ticket.channelId, '+551'),
    'page of tickets': (store) => store.tickets.page(all, { open: true }, 'falling', null, 10),
  };
  const empty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

  it.each(Object.keys(reads))('%s: its own are found, a foreign company finds nothing', async (name) => {
    expect(empty(await reads[name]?.(own)), 'the question finds something at all').toBe(false);
    expect(await reads[name]?.(foreign)).toSatisfy(empty);
  });

  it('counts nothing of a foreign company', async () => {
    expect(await own.tickets.count(all, { open: true }, 10)).toBeGreaterThan(0);
    expect(await foreign.tickets.count(all, { open: true }, 10)).toBe(0);
    expect(await foreign.forwardings.count({ toDepartmentIds: null, open: null }, 10)).toBe(0);
  });

  it('changes nothing of a foreign company', async () => {
    await foreign.agents.change((await own.agents.all())[0]?.id ?? '', { role: 'agent' });
    await foreign.catalog.changeDepartment(toDepartmentId, { active: false });
    await foreign.channels.change(ticket.channelId, { active: false });
    expect(
      await foreign.forwardings.answer(forwarding.id, {
        at: forwarding.forwardedAt,
        technicianId: newId(),
        conclusionId: newId(),
        text: 'x',
        recordedBy: forwarding.by,
        recordedAt: forwarding.forwardedAt,
      }),
    ).toBe(false);
    expect(
      await foreign.messages.deliver(message.id, ['queued', 'sending', 'sent', 'delivered', 'read'], {
        state: 'failed',
        at: forwarding.forwardedAt,
        attempts: 1,
        failure: 'x',
      }),
    ).toBeNull();
    expect((await own.agents.all())[0]?.role).toBe('admin');
    expect((await own.catalog.department(toDepartmentId))?.active).toBe(true);
    expect((await own.channels.byId(ticket.channelId))?.active).toBe(true);
  });
});
