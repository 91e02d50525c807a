import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { ChannelEvent } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { faults } from '../networks/telegram/faults.ts';
import { ana, channelAt, impatient, online, openWorld, testPace } from '../networks/telegram/world.ts';
import type { HostDouble } from './host-double.ts';

const phases = (host: HostDouble) => host.connections.map(({ phase }) => phase);
const told = (host: HostDouble, phase: Connection['phase']) =>
  vi.waitFor(() => expect(host.connections.at(-1)?.phase).toBe(phase), 10_000);
const texts = (host: HostDouble) => host.messages.map(({ content }) => content.text);

describe('connecting to Telegram', () => {
  it('says which bot it is before anything comes in, and removes a webhook without losing what waits', async () => {
    const { fake, host, channel, customer, quiet } = await openWorld();
    fake.webhook = 'https://elsewhere.example/hook';
    customer.write('esperando');
    await channel.connect(host);
    await quiet();
    expect(host.accounts).toEqual([fake.botId]);
    expect(host.connections).toEqual([
      { phase: 'connecting', attempt: 1 },
      { phase: 'online', as: fake.botId, name: 'Acme @acme_desk_bot' },
    ]);
    expect(fake.calls.map(({ method }) => method).slice(0, 3)).toEqual(['getMe', 'deleteWebhook', 'getUpdates']);
    expect(texts(host)).toEqual(['esperando']);
  });
  it('touches nothing of a bot that another channel has', async () => {
    const { fake, host, channel } = await openWorld();
    fake.webhook = 'https://elsewhere.example/hook';
    host.takeAccounts();
    await channel.connect(host);
    expect(host.connections.at(-1)).toEqual({ phase: 'off', reason: 'channel.account-taken' });
    expect(fake.calls.map(({ method }) => method)).toEqual(['getMe']);
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ fault: 'temporary', code: 'channel.inactive' });
  });
  it.each([
    ['revoked', faults.unauthorized],
    ['malformed', faults.notFound],
  ])('a %s token is logged out, and so are sends', async (_what, fault) => {
    const { fake, host, channel } = await openWorld();
    fake.faults.plan('getMe', fault);
    await channel.connect(host);
    expect(host.connections.at(-1)).toEqual({ phase: 'logged-out', reason: 'telegram.token' });
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ fault: 'logged-out', code: 'telegram.token' });
    await expect(channel.test!()).resolves.toBeUndefined();
  });
  it('answers although the network is away, sends nothing, and comes online by itself', async () => {
    const { fake, host, channel } = await openWorld();
    await fake.stop();
    await channel.connect(host);
    expect(host.connections.at(-1)).toMatchObject({ phase: 'waiting', reason: 'telegram.unreachable' });
    await expect(channel.test!()).rejects.toMatchObject({ fault: 'temporary', code: 'telegram.unreachable' });
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ fault: 'temporary', code: 'channel.inactive' });
    await fake.listen();
    await told(host, 'online');
  });
  it('lets go while it still waits for the first answer', async () => {
    const { fake, host, channel } = await openWorld({ ...testPace, answerMs: 60_000 });
    fake.faults.plan('getMe', faults.hang);
    const connecting = channel.connect(host);
    await vi.waitFor(() => expect(fake.called('getMe')).toHaveLength(1));
    await channel.disconnect();
    await connecting;
    expect(phases(host)).toEqual(['connecting', 'off']);
  });
});

describe('polling Telegram', () => {
  it('stops when somebody else polls, and says so', async () => {
    const { fake, host, channel, quiet } = await online();
    const other = await openWorld();
    await quiet();
    await channelAt(fake).connect(other.host);
    await told(host, 'waiting');
    const last = host.connections.at(-1);
    expect(last).toMatchObject({ reason: 'used-elsewhere' });
    const wait = last?.phase === 'waiting' ? Date.parse(last.retryAt) - Date.now() : 0;
    expect(wait).toBeGreaterThan(25_000);
    const polls = fake.called('getUpdates').length;
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ code: 'channel.inactive' });
    fake.customer(ana, 'Ana').write('oi');
    await vi.waitFor(() => expect(texts(other.host)).toEqual(['oi']));
    // The winner's answer and its next poll are the only ones since.
    expect(fake.called('getUpdates').length).toBeLessThanOrEqual(polls + 2);
    expect(other.host.connections.at(-1)?.phase).toBe('online');
    await channel.disconnect();
  });
  it('waits as long as a 429 says, then goes on', async () => {
    const { fake, host, customer, quiet } = await online();
    fake.faults.plan('getUpdates', faults.tooMany(1));
    customer.write('um');
    await told(host, 'waiting');
    const last = host.connections.at(-1);
    expect(last).toMatchObject({ phase: 'waiting', reason: 'telegram.rate-limited' });
    const polls = () => fake.calls.filter(({ method }) => method === 'getUpdates');
    const before = polls().length;
    await told(host, 'online');
    // A timer may fire a millisecond early.
    const retryAt = last?.phase === 'waiting' ? Date.parse(last.retryAt) : Number.NaN;
    expect(polls()[before]!.at).toBeGreaterThanOrEqual(retryAt - 2);
    customer.write('dois');
    await quiet();
    expect(texts(host)).toEqual(['um', 'dois']);
  });
  it.each([
    ['a broken gateway', faults.badGateway, 'telegram.unavailable'],
    ['a cut connection', faults.cutBefore, 'telegram.unreachable'],
    ['silence', faults.hang, 'telegram.unreachable'],
    ['an answer that means nothing', { type: 'html', status: 200 } as const, 'telegram.unreachable'],
  ])('goes on after %s', async (_what, fault, reason) => {
    const { fake, host, customer, quiet } = await online(fault.type === 'hang' ? impatient : testPace);
    fake.faults.plan('getUpdates', fault, 2);
    customer.write('antes');
    await vi.waitFor(() => expect(phases(host).slice(2)).toEqual(['waiting', 'waiting', 'online']), 10_000);
    expect(host.connections.slice(2, 4)).toMatchObject([{ reason }, { reason }]);
    customer.write('depois');
    await quiet();
    expect(texts(host)).toEqual(['antes', 'depois']);
  });
  it('loses nothing and keeps the order when the second of five is not taken', async () => {
    const { fake, host, channel, customer } = await openWorld();
    const sent = ['n1', 'n2', 'n3', 'n4', 'n5'].map((text) => customer.write(text));
    const confirmedThen: number[] = [];
    const receive = host.receive.bind(host);
    const failing = vi.spyOn(host, 'receive').mockImplementation(async (event: ChannelEvent) => {
      if (event.type !== 'message' || event.content.text !== 'n2') return await receive(event);
      confirmedThen.push(fake.updates.confirmed.size);
      if (confirmedThen.length < 3) throw new Error('the database does not answer');
      return await receive(event);
    });
    await channel.connect(host);
    await fake.updates.outcome(sent[4]!.updateId).catch(() => null);
    await vi.waitFor(() => expect(fake.updates.confirmed.size).toBe(5));
    expect(confirmedThen).toEqual([0, 0, 0]);
    expect(texts(host)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(phases(host)).toEqual(['connecting', 'online']);
    failing.mockRestore();
  });
  it('lets one chat wait without the others, and confirms none before all', async () => {
    const { fake, host, channel } = await openWorld();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const receive = host.receive.bind(host);
    vi.spyOn(host, 'receive').mockImplementation(async (event: ChannelEvent) => {
      if (event.type === 'message' && event.content.text === 'a1') await gate;
      return await receive(event);
    });
    for (const text of ['a1', 'b1', 'a2', 'b2']) fake.customer(text.startsWith('a') ? 1 : 2, 'Cliente').write(text);
    const connecting = channel.connect(host);
    await vi.waitFor(() => expect(texts(host)).toEqual(['b1', 'b2']));
    expect(fake.updates.confirmed.size).toBe(0);
    open();
    await connecting;
    await vi.waitFor(() => expect(fake.updates.confirmed.size).toBe(4));
    expect(texts(host)).toEqual(['b1', 'b2', 'a1', 'a2']);
  });
  it('follows numbers of updates that go on below the last one', async () => {
    const { fake, host, channel, customer, quiet } = await online();
    customer.write('antes');
    await quiet();
    fake.updates.next = 7;
    const written = ['um', 'dois'].map((text) => customer.write(text));
    await quiet();
    expect(texts(host)).toEqual(['antes', 'um', 'dois']);
    expect(written.map(({ updateId }) => fake.updates.handed.get(updateId))).toEqual([1, 1]);
    fake.updates.next = 3;
    const open = host.hold();
    const arrived = vi.spyOn(host, 'receive');
    const last = customer.write('três');
    await vi.waitFor(() => expect(arrived).toHaveBeenCalled());
    const leaving = channel.disconnect();
    open();
    await leaving;
    expect(fake.updates.confirmed.has(last.updateId)).toBe(true);
  });
  it('takes more than one batch', async () => {
    const { fake, host, channel, customer, quiet } = await openWorld();
    const all = Array.from({ length: 250 }, (_, n) => `n${n}`);
    for (const text of all) customer.write(text);
    await channel.connect(host);
    await quiet();
    expect(texts(host)).toEqual(all);
    expect(Math.max(...fake.updates.handed.values())).toBe(1);
  });
});

describe('leaving Telegram', () => {
  it('confirms what was taken last, so that the next owner does not get it again', async () => {
    const { fake, host, channel, customer } = await online();
    const open = host.hold();
    const arrived = vi.spyOn(host, 'receive');
    const { updateId } = customer.write('fim');
    await vi.waitFor(() => expect(arrived).toHaveBeenCalled());
    const leaving = channel.disconnect();
    open();
    await leaving;
    expect(fake.updates.confirmed.has(updateId)).toBe(true);
    expect(fake.updates.polled).toBe(false);
  });
  it('does not wait longer than it may, and receives nothing afterwards', async () => {
    const { fake, host, channel, customer } = await online({ ...testPace, leaveMs: 50 });
    const open = host.hold();
    const arrived = vi.spyOn(host, 'receive');
    const chat = { id: ana, type: 'private', first_name: 'Ana' };
    fake.updates.add({ deleted_business_messages: { business_connection_id: 'B', chat, message_ids: [1, 2, 3] } });
    customer.write('um');
    await vi.waitFor(() => expect(arrived).toHaveBeenCalled());
    await channel.disconnect();
    open();
    await vi.waitFor(() => expect(host.changes).toMatchObject([{ target: `${ana}@B:1` }]));
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.changes).toHaveLength(1);
    expect(texts(host)).toEqual([]);
    expect(fake.updates.confirmed.size).toBe(0);
  });
  it('begins nothing more while it leaves: the next owner gets it', async () => {
    const { fake, host, channel, customer } = await openWorld();
    const sent = ['um', 'dois'].map((text) => customer.write(text));
    const open = host.hold();
    const arrived = vi.spyOn(host, 'receive');
    const connecting = channel.connect(host);
    await vi.waitFor(() => expect(arrived.mock.calls.filter(([{ type }]) => type === 'message')).toHaveLength(1));
    const leaving = channel.disconnect();
    open();
    await Promise.all([connecting, leaving]);
    expect(texts(host)).toEqual(['um']);
    expect(fake.updates.confirmed.size).toBe(0);
    const next = host.next();
    const successor = channelAt(fake);
    await successor.connect(next);
    await fake.updates.outcome(sent[1]!.updateId);
    await successor.disconnect();
    expect(texts(next)).toEqual(['um', 'dois']);
  });
  it('is silent at once when the lease is lost: no poll, no send, no word', async () => {
    const { fake, host, channel } = await online();
    const before = host.connections.length;
    host.loseLease();
    await vi.waitFor(() => expect(fake.updates.polled).toBe(false));
    const calls = fake.calls.length;
    const sent = channel.send(String(ana), host.outbound('', { text: 'oi' }));
    await expect(sent).rejects.toMatchObject({ code: 'channel.inactive' });
    await channel.gesture!(String(ana), { type: 'typing', on: true });
    await channel.disconnect();
    expect(fake.calls).toHaveLength(calls);
    expect(host.connections).toHaveLength(before);
  });
});

describe('secrets of a Telegram channel', () => {
  it('stand in no log, no error and no state of the connection, whatever goes wrong', async () => {
    const { fake, host, channel, customer, quiet } = await online(impatient);
    const found: unknown[] = [];
    const send = async (text: string) => {
      const file = host.file(Buffer.from('x'.repeat(3_000)), { name: 'a.bin', mime: 'application/octet-stream' });
      const attempts = [{ text }, { text, attachments: [file] }].map((content) =>
        channel.send(String(ana), host.outbound('', content)).catch((error: unknown) => error),
      );
      found.push(...(await Promise.all(attempts)));
      found.push(await channel.test!().catch((error: unknown) => error));
    };
    const all = [faults.badGateway, faults.hang, faults.cutBefore, faults.blocked, faults.entities, faults.tooMany(0)];
    for (const fault of all) {
      for (const method of ['sendMessage', 'sendDocument', 'getMe', 'getFile', 'getUpdates'])
        fake.faults.plan(method, fault);
      customer.send('document', {
        name: 's.txt',
        mime: 'text/plain',
        bytes: Buffer.from('segredo'),
        caption: 'segredo',
      });
      await send('segredo');
      await quiet();
    }
    await fake.stop();
    await send('segredo');
    await told(host, 'waiting');
    await fake.listen();
    const everything = inspect([found, host.logged, host.connections], { depth: 20, showHidden: true });
    expect(found.filter((one) => one instanceof Error).length).toBeGreaterThan(12);
    expect(host.logged.length).toBeGreaterThan(3);
    for (const secret of [fake.token, fake.token.split(':')[1]!, 'segredo', String(ana)]) {
      expect(everything.replaceAll(/'externalId': '[^']*'|externalId: '[^']*'/g, '')).not.toContain(secret);
    }
  });
});
