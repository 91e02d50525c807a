import { describe, expect, it } from 'vitest';
import type { ChannelEvent, MessageEvent, Person } from '#channels/channel.ts';
import type { KeptChannel } from '#server/desk/desk.ts';
import { inboxOf } from '#server/switchboard/inbox.ts';
import { createQuiet } from '#server/switchboard/quiet.ts';
import { story } from '../support/story.ts';

describe('the inbox of a channel', async () => {
  const { app, admin } = await story();
  const desk = await app.deskOf((await admin.get('/me')).body.company.id);
  const channel = (await desk.store.channels.all()).find(({ kind }) => kind === 'telegram') as KeptChannel;
  const logged: string[] = [];
  const alive = new AbortController();
  const quiet = createQuiet();
  const inbox = inboxOf({
    desk,
    row: channel,
    signal: alive.signal,
    unclean: false,
    quiet,
    log: (line, about) => logged.push(`${line} ${JSON.stringify(about)}`),
  });
  const at = '2026-11-26T12:00:00.000Z';
  const person = (who: string): Person => ({ identities: [{ kind: 'telegram', value: who }], name: who, address: who });
  const message = (who: string, n: number, more: Partial<MessageEvent> = {}): MessageEvent => ({
    type: 'message',
    key: `${who}-${n}`,
    externalId: `${who}-${n}`,
    conversation: who,
    from: person(who),
    at,
    content: { text: `${who} ${n}` },
    ...more,
  });
  const said = async (who: string) => {
    const ticket = await desk.store.tickets.lastIn(channel.id, who);
    return (await desk.store.messages.ofTicket(ticket?.id ?? '', null, 100)).reverse();
  };

  it('keeps an edit and a reaction that overtook their message, and applies them when it comes', async () => {
    const early = { from: person('ana'), at, target: 'ana-1' };
    const edit: ChannelEvent = { type: 'change', key: 'e1', content: { text: 'corrigido' }, ...early };
    expect(await inbox.take(edit)).toBe('stored');
    expect(await inbox.take({ type: 'reaction', key: 'r1', emoji: '👍', ...early })).toBe('stored');
    await inbox.take(message('ana', 1));
    expect(await said('ana')).toMatchObject([
      { content: { text: 'corrigido' }, editedAt: expect.any(String), reactions: [{ emoji: '👍' }] },
    ]);
    expect(await desk.store.earlyEvents.any(channel.id)).toBe(false);
  });

  it('lets nobody change what somebody else wrote', async () => {
    await inbox.take(message('bia', 1));
    const forged: ChannelEvent = {
      type: 'change',
      key: 'f1',
      target: 'bia-1',
      from: person('mallory'),
      at,
      content: null,
    };
    expect(await inbox.take(forged)).toBe('known');
    expect((await said('bia'))[0]).toMatchObject({ removedAt: null, content: { text: 'bia 1' } });
  });

  it('puts a content that had been missing where it belongs, once', async () => {
    await inbox.take(message('caio', 1, { content: { text: '', missing: 'waiting' } }));
    await inbox.take(message('caio', 2));
    expect(await inbox.take(message('caio', 1, { content: { text: 'chegou' } }))).toBe('stored');
    expect(await inbox.take(message('caio', 1, { content: { text: 'de novo' } }))).toBe('known');
    expect((await said('caio')).map(({ content }) => content)).toEqual([{ text: 'chegou' }, { text: 'caio 2' }]);
  });

  it('stores what was typed on the company’s own phone as the company’s words', async () => {
    await inbox.take(message('davi', 1));
    await inbox.take(message('davi', 2, { fromDevice: true, content: { text: 'já respondi' } }));
    expect((await said('davi'))[1]).toMatchObject({
      direction: 'out',
      author: { kind: 'system' },
      delivery: { state: 'sent' },
    });
    expect((await desk.store.tickets.lastIn(channel.id, 'davi'))?.unread).toBe(0);
  });

  it('joins two identities of one person, whichever came first', async () => {
    const lid = { kind: 'whatsapp-lid' as const, value: '99887766554433' };
    const phone = { kind: 'phone' as const, value: '+5511988887777' };
    await inbox.take(message('elo', 1, { from: { identities: [lid], name: 'Elo', address: 'elo' } }));
    await inbox.take(message('elo2', 1, { from: { identities: [phone], name: 'Elo', address: 'elo2' } }));
    expect(await inbox.take({ type: 'identity', same: [lid, phone] })).toBe('stored');
    expect(await inbox.take({ type: 'identity', same: [phone, lid] })).toBe('known');
    const contacts = await desk.store.contacts.byIdentities([lid, phone]);
    expect(new Set([...contacts.values()].map(({ id }) => id)).size).toBe(1);
    await inbox.take(message('elo', 2, { from: { identities: [phone, lid], name: 'Elo', address: 'elo' } }));
    expect(await said('elo')).toHaveLength(2);
  });

  it('closes one of two open tickets of a person who turns out to be one, and goes on in the other', async () => {
    const whatsapp = (await desk.store.channels.all()).find(({ kind, simulated }) => kind === 'whatsapp' && simulated)!;
    const line = inboxOf({
      desk,
      row: whatsapp,
      signal: new AbortController().signal,
      unclean: false,
      quiet,
      log: () => undefined,
    });
    const lid = { kind: 'whatsapp-lid' as const, value: '11112222333344' };
    const phone = { kind: 'phone' as const, value: '+5551987654321' };
    const by = (identity: typeof lid | typeof phone, n: number): MessageEvent =>
      message(identity.value, n, { from: { identities: [identity], name: 'Íris', address: identity.value } });
    await line.take(by(phone, 1));
    await line.take(by(lid, 1));
    const first = (await desk.store.tickets.lastIn(whatsapp.id, phone.value))!;
    const second = (await desk.store.tickets.lastIn(whatsapp.id, lid.value))!;
    expect(second.id).not.toBe(first.id);
    await line.take({ type: 'identity', same: [lid, phone] });
    const [one, other] = await desk.store.tickets.byIds([first.id, second.id]);
    expect(one).toMatchObject({ closedAt: null, unread: 2, previousId: second.id });
    expect(other).toMatchObject({ closedAt: expect.any(String), contact: { id: first.contact.id } });
    await line.take(by(lid, 2));
    const texts = (await desk.store.messages.ofTicket(first.id, null, 10)).map(({ content }) => content.text);
    expect(texts.reverse()).toEqual([`${phone.value} 1`, `${lid.value} 2`]);
    const acts = (await admin.get(`/tickets/${second.id}/events`)).body.events.map(({ act }: { act: string }) => act);
    expect(acts.slice(-2)).toEqual(['ticket.joined', 'ticket.closed']);

    expect((await admin.post(`/contacts/${second.contact.id}/separate`)).status).toBe(200);
    expect((await admin.post(`/contacts/${second.contact.id}/separate`)).body.error.code).toBe('contact.not-joined');
    const apart = await desk.store.contacts.byIdentities([lid, phone]);
    expect(new Set([...apart.values()].map(({ id }) => id)).size).toBe(2);
  });

  it('lays what fails for its own sake with the dead letters, without its words, and goes on', async () => {
    const poison = message('fê', 1, {
      from: { identities: [{ kind: 'telegram', value: { $gt: '' } as never }], name: 'x', address: 'fê' },
    });
    const [dead, good] = await Promise.all([
      inbox.take({ ...poison, raw: Buffer.from('cru') }),
      inbox.take(message('gil', 1)),
    ]);
    expect([dead, good]).toEqual(['dead', 'stored']);
    const path = `/channels/${channel.id}/dead-letters`;
    const { items } = (await admin.get(path)).body;
    expect(items).toMatchObject([{ key: 'fê-1', type: 'message' }]);
    expect(JSON.stringify(items) + logged.join()).not.toContain('fê 1"');
    expect((await admin.get(`/channels/${channel.id}`)).body.health.deadLetters).toBe(1);
    expect((await admin.post(`${path}/${items[0].id}/reprocess`)).body).toEqual({ taken: false });
    expect((await admin.post(`${path}/${items[0].id}/discard`)).status).toBe(200);
    expect((await admin.get(path)).body.items).toEqual([]);
    expect((await admin.post(`${path}/${items[0].id}/discard`)).body.error.code).toBe('dead-letter.not-found');
  });

  it('begins again alone what was under way at a death, and not again at the third', async () => {
    const { trials } = desk.store;
    const means = { desk, row: channel, signal: new AbortController().signal, quiet, log: () => undefined };
    const begun = async (key: string, times: number) => {
      for (let death = 0; death < times; death += 1) await trials.begin(channel.id, `message ${key}`, at);
    };
    await begun('killer-1', 3);
    await begun('suspect-1', 2);
    const after = inboxOf({ ...means, unclean: true });
    const order: string[] = [];
    const take = async (one: MessageEvent) => {
      const taken = await after.take(one);
      order.push(`${one.key} ${taken}`);
    };
    await Promise.all([message('killer', 1), message('suspect', 1), message('killer', 2)].map(take));
    expect(order).toEqual(['killer-1 dead', 'suspect-1 stored', 'killer-2 stored']);
    const [letter] = await desk.store.deadLetters.page(channel.id, null, 1);
    expect(letter).toMatchObject({ key: 'killer-1', reason: 'process-died' });
    // Who was innocent leaves no trace, and after a proper end nothing is watched.
    expect(await trials.begun(channel.id, 'message suspect-1')).toBe(0);
    expect(await trials.begun(channel.id, 'message killer-1')).toBe(0);
    await begun('calm-1', 3);
    expect(await inboxOf({ ...means, unclean: false }).take(message('calm', 1))).toBe('stored');
  });

  it('lays what our own mapping did not understand there too', async () => {
    const raw = Buffer.from([1, 2, 3]);
    expect(await inbox.take({ type: 'unreadable', key: 'u1', at, reason: 'telegram.unreadable', raw })).toBe('dead');
    const [letter] = await desk.store.deadLetters.page(channel.id, null, 10);
    expect(letter).toMatchObject({ reason: 'telegram.unreadable', event: null });
    expect(Buffer.from((await desk.store.deadLetters.byId(letter!.id))?.raw ?? [])).toEqual(raw);
  });

  it('rejects when the lease is lost, and has stored nothing', async () => {
    alive.abort(new Error('the lease is lost'));
    await expect(inbox.take(message('hugo', 1))).rejects.toThrow('the lease is lost');
    expect(await desk.store.tickets.lastIn(channel.id, 'hugo')).toBeNull();
  });
});

describe('secrets at rest', async () => {
  const { app, admin, department } = await story();
  const token = '12345:AAE-a-token-of-a-planted-secret-9';

  it('are locked in the database, bound to their channel, and never shown', async () => {
    const departmentId = await department('Suporte técnico');
    const body = { kind: 'telegram', name: 'Bot', departmentId, config: { token } };
    const { body: made } = await admin.post('/channels', body);
    await admin.patch(`/channels/${made.id}`, { active: false });
    const desk = await app.deskOf((await admin.get('/me')).body.company.id);
    const row = (await desk.store.channels.byId(made.id))!;
    expect(JSON.stringify(row)).not.toContain(token);
    expect(desk.channelKinds.opened(desk, row)).toMatchObject({ token });
    expect(() => desk.channelKinds.opened(desk, { ...row, id: 'f'.repeat(24) })).toThrow();
    expect(JSON.stringify((await admin.get('/channels')).body)).not.toContain(token);
    // A change that does not name the token keeps it.
    await admin.patch(`/channels/${made.id}`, { config: { groups: 'ignore' } });
    expect(desk.channelKinds.opened(desk, (await desk.store.channels.byId(made.id))!)).toMatchObject({ token });
  });
});
