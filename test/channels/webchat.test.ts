import { afterEach, describe, expect, it, vi } from 'vitest';
import { limiter } from '#channels/webchat/limiter.ts';
import { webchatSettings } from '#channels/webchat/settings.ts';
import { webchat, webchatNamespace } from '#channels/webchat/webchat.ts';
import { newClientId } from '#shared/client-id.ts';
import type { ChatLine } from '#shared/live.ts';
import { channelContract } from './channel.contract.ts';
import { HostDouble, hashOf } from './host-double.ts';
import { SocketsDouble, type VisitorDouble } from './sockets-double.ts';

const endpoints = { whatsapp: null, telegram: null, insecure: false };
const publicId = 'pub-4f1c';
const token = 'ab'.repeat(32);
const visitor = hashOf(token);
const right = { origins: ['https://loja.com.br'], title: 'Fale com a gente', greeting: 'Olá!' };

function chat(settings: unknown = right, sockets = new SocketsDouble(), id: string | null = publicId) {
  return webchat({ id: '0123456789abcdef01234567', kind: 'webchat', publicId: id, settings }, { sockets, endpoints });
}

const wrong = (change: object, field: string) => ({ make: () => chat({ ...right, ...change }), field });

channelContract('webchat', {
  kind: 'webchat',
  async open() {
    const sockets = new SocketsDouble();
    let socket: VisitorDouble | null = null;
    const shown: VisitorDouble[] = [];
    const answered = new Set<string>();
    return {
      channel: chat(right, sockets),
      customer: visitor,
      conversation: visitor,
      async enter() {
        socket = await sockets.visit(webchatNamespace, publicId, { token });
        if (socket !== null) shown.push(socket);
      },
      async write(message) {
        const answer = await socket!.call('say', message);
        if (!answer.ok) throw new Error(answer.code);
        // A repeated message is answered with the line that was stored the first time.
        const { id } = answer.value as ChatLine;
        const known = answered.has(id);
        answered.add(id);
        return known ? 'known' : 'stored';
      },
      async got() {
        const lines = shown.flatMap(({ events }) => events.map(({ payload }) => payload as ChatLine));
        const once = [...new Map(lines.map((line) => [line.id, line])).values()];
        return once.map(({ id, text }) => ({ externalId: id, text, files: [], replyTo: null }));
      },
      async acknowledge() {
        await socket!.call('transcript', { after: null });
      },
      again: () => chat(right, sockets),
      close: async () => undefined,
    };
  },
  longest: 4_000,
  resends: true,
  wrong: [
    wrong({ origins: 'https://loja.com.br' }, 'origins'),
    wrong({ origins: ['loja.com.br'] }, 'origins'),
    wrong({ origins: ['https://loja.com.br/pagina'] }, 'origins'),
    wrong({ origins: ['https://loja.com.br?x=1'] }, 'origins'),
    wrong({ origins: ['https://a:b@loja.com.br'] }, 'origins'),
    wrong({ origins: ['javascript:alert(1)'] }, 'origins'),
    wrong({ origins: ['https://*.com.br'] }, 'origins'),
    wrong({ origins: ["https://a.com;script-src'*'"] }, 'origins'),
    wrong({ title: ' ' }, 'title'),
    wrong({ title: 'a'.repeat(121) }, 'title'),
    wrong({ greeting: 7 }, 'greeting'),
    wrong({ language: 'xx' }, 'language'),
    { make: () => chat(null), field: 'config' },
    { make: () => chat(right, new SocketsDouble(), null), field: 'publicId' },
  ],
});

async function opened(tabs = 1) {
  const sockets = new SocketsDouble();
  const host = new HostDouble();
  const channel = chat(right, sockets);
  await channel.connect(host);
  const visit = async () => (await sockets.visit(webchatNamespace, publicId, { token }))!;
  const sock = await visit();
  const others = await Promise.all(Array.from({ length: tabs - 1 }, visit));
  return { sockets, host, channel, sock, others };
}

const said = (text: string, more: object = {}) => ({ key: newClientId(), text, ...more });

afterEach(() => {
  vi.useRealTimers();
});

describe('settings of a web chat', () => {
  it('keep origins as the URL parser writes them, each once', () => {
    const origins = [
      'HTTPS://Loja.com.br/',
      'https://loja.com.br:443',
      'http://localhost:8080',
      'https://ação.example',
    ];
    expect(webchatSettings({ ...right, origins }).origins).toEqual([
      'https://loja.com.br',
      'http://localhost:8080',
      'https://xn--ao-siap.example',
    ]);
  });
});

describe('a visitor', () => {
  it.each([
    {},
    { token: '' },
    { token: 'ab'.repeat(31) },
    { token: 'AB'.repeat(32) },
    { token: 7 },
    { token: [token] },
  ])('is not let in with %j', async (auth) => {
    const { sockets } = await opened();
    expect(await sockets.visit(webchatNamespace, publicId, auth)).toBeNull();
  });
  it('is sent away when the chat is switched off', async () => {
    const { sockets, channel, sock } = await opened();
    await channel.disconnect();
    expect(sock.open).toBe(false);
    expect(await sockets.visit(webchatNamespace, publicId, { token })).toBeNull();
  });
  it('is known by the hash; the token is neither stored nor passed on', async () => {
    const { host, sock } = await opened();
    await sock.call('say', said('oi'));
    expect(host.messages[0]?.from.identities).toEqual([{ kind: 'webchat', value: visitor }]);
    expect(JSON.stringify([host.messages, [...host.stored.keys()], host.logged])).not.toContain(token);
  });
  it('is called Visitante and the beginning of the identity until a name is given', async () => {
    const { host, sock } = await opened();
    await sock.call('say', said('oi'));
    await sock.call('say', said('sou a Bia', { name: ' Bia\u0000 ' }));
    const names = host.messages.map(({ from }) => from.name);
    expect(names).toEqual([`Visitante ${visitor.slice(0, 4)}`, 'Bia']);
  });
  it('gets the stored line as answer, and so do other windows', async () => {
    const { host, sock, others } = await opened(2);
    const answer = await sock.call('say', said('oi', { name: 'Bia' }));
    const line = { id: host.messages[0]?.id, at: host.messages[0]?.at, from: 'visitor', name: 'Bia', text: 'oi' };
    expect(answer).toEqual({ ok: true, value: line });
    expect(others[0]?.events).toEqual([{ event: 'line', payload: line }]);
  });
  it('gets the first line again when the same message is said again', async () => {
    const { host, sock } = await opened();
    const message = said('primeira');
    const first = await sock.call('say', message);
    await sock.call('say', said('segunda'));
    expect(await sock.call('say', message)).toEqual(first);
    expect(host.messages).toHaveLength(2);
  });
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['no key', { text: 'oi' }],
    ['a wrong key', { key: 'a b', text: 'oi' }],
    ['a long key', { key: 'a'.repeat(65), text: 'oi' }],
    ['no text', { key: 'k' }],
    ['spaces', { key: 'k', text: ' \n\u0000\u200b' }],
    ['4,001 characters', { key: 'k', text: 'a'.repeat(4_001) }],
    ['a number as name', { key: 'k', text: 'oi', name: 7 }],
    ['a long name', { key: 'k', text: 'oi', name: 'a'.repeat(121) }],
  ])('is refused %s as a message', async (_what, input) => {
    const { host, sock } = await opened();
    expect(await sock.call('say', input)).toEqual({ ok: false, code: 'input.invalid' });
    expect(host.messages).toEqual([]);
  });
  it('may say ten things in ten seconds, and go on after that', async () => {
    vi.useFakeTimers();
    const { host, sock } = await opened();
    for (let n = 0; n < 10; n += 1) await sock.call('say', said(`n${n}`));
    expect(await sock.call('say', said('demais'))).toEqual({ ok: false, code: 'rate.limited' });
    vi.advanceTimersByTime(10_001);
    expect(await sock.call('say', said('de novo'))).toMatchObject({ ok: true });
    expect(host.messages).toHaveLength(11);
  });
  it('sees only the own conversation', async () => {
    const { host, sock } = await opened();
    host.says(hashOf('cd'.repeat(32)), 'para outra pessoa');
    host.says(visitor, 'para você');
    const answer = await sock.call('transcript', { after: null });
    expect(answer).toMatchObject({ ok: true, value: { lines: [{ text: 'para você', from: 'desk' }], more: false } });
  });
  it('reads on, a hundred lines at a time, after what it has', async () => {
    const { host, sock } = await opened();
    const first = host.says(visitor, 'primeira');
    for (let n = 0; n < 150; n += 1) host.says(visitor, `n${n}`);
    const page = (await sock.call('transcript', { after: first.id })) as {
      value: { lines: ChatLine[]; more: boolean };
    };
    expect(page.value).toMatchObject({ more: true });
    expect(page.value.lines).toHaveLength(100);
    const rest = await sock.call('transcript', { after: page.value.lines.at(-1)?.id });
    expect(rest).toMatchObject({ value: { more: false } });
    expect(await sock.call('transcript', { after: 'zz' })).toEqual({ ok: false, code: 'input.invalid' });
  });
});

describe('receipts of a web chat', () => {
  const tick = () => new Promise((resolve) => setTimeout(resolve, 10));
  it('say delivered once for what was fetched', async () => {
    const { host, sock } = await opened();
    const { id } = host.says(visitor, 'olá');
    await sock.call('transcript', { after: null });
    await sock.call('transcript', { after: null });
    await tick();
    expect(host.receipts.map(({ externalId, status }) => [externalId, status])).toEqual([[id, 'delivered']]);
  });
  it('say read up to the line that was seen, the desk’s only, before seen is answered', async () => {
    const { host, sock } = await opened();
    const first = host.says(visitor, 'um');
    await sock.call('say', said('oi'));
    const second = host.says(visitor, 'dois');
    host.says(visitor, 'ainda não');
    expect(await sock.call('seen', { upTo: second.id })).toEqual({ ok: true, value: null });
    expect(host.receipts).toMatchObject([
      { externalId: first.id, status: 'read' },
      { externalId: second.id, status: 'read' },
    ]);
    await sock.call('seen', { upTo: second.id });
    expect(host.receipts).toHaveLength(2);
  });
  it('are told again when the desk could not store them', async () => {
    const { host, sock } = await opened();
    const { id } = host.says(visitor, 'olá');
    const receive = vi.spyOn(host, 'receive').mockRejectedValueOnce(new Error('the database does not answer'));
    expect(await sock.call('seen', { upTo: id })).toEqual({ ok: false, code: 'internal' });
    receive.mockRestore();
    await sock.call('seen', { upTo: id });
    expect(host.receipts).toMatchObject([{ externalId: id, status: 'read' }]);
  });
});

describe('limiter', () => {
  it('forgets who was quiet, and keeps apart who was not', () => {
    let time = 0;
    const allowed = limiter(2, 1_000, () => time);
    expect([allowed('a'), allowed('a'), allowed('a'), allowed('b')]).toEqual([true, true, false, true]);
    time = 999;
    expect(allowed('a')).toBe(false);
    time = 1_001;
    expect([allowed('a'), allowed('b')]).toEqual([true, true]);
  });
});
