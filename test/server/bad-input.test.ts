import { describe, expect, it } from 'vitest';
import { setupBody } from '../support/app.ts';
import { once, story } from '../support/story.ts';

describe('bad input', async () => {
  const desk = await story();
  const { admin, call } = desk;
  const { id } = (await admin.get('/tickets')).body.items[0];
  const cookie = admin.cookie;
  const state = async (): Promise<unknown> => (await admin.get(`/tickets/${id}`)).body;
  const raw = (path: string, body: string, headers: object = {}) => call('POST', path, body, { cookie, ...headers });

  it.each([
    ['an unknown route', () => admin.get('/nothing'), 404, 'route.not-found'],
    ['an unknown page', () => call('GET', '/!nowhere'), 404, 'route.not-found'],
    ['a broken escape in the path', () => admin.get('/tickets/%E0%A4%A'), 404, 'route.not-found'],
    ['a foreign id', () => admin.get(`/tickets/${'a'.repeat(24)}`), 404, 'ticket.not-found'],
    ['an id that is none', () => admin.get('/tickets/1'), 400, 'input.invalid'],
    ['a wrong type', () => admin.post(`/tickets/${id}/notes`, once({ text: 7 })), 400, 'input.invalid'],
    [
      'an extra field',
      () => admin.post(`/tickets/${id}/notes`, once({ text: 'a', companyId: id })),
      400,
      'input.invalid',
    ],
    [
      'a field of the path in the body',
      () => admin.post(`/tickets/${id}/close`, { ticketId: id }),
      400,
      'input.invalid',
    ],
    ['no client id', () => admin.post(`/tickets/${id}/notes`, { text: 'a' }), 400, 'input.invalid'],
    [
      'a client id of other letters',
      () => admin.post(`/tickets/${id}/notes`, { clientId: 'a b', text: 'a' }),
      400,
      'input.invalid',
    ],
    ['a blank text', () => admin.post(`/tickets/${id}/notes`, once({ text: ' \u200b\n' })), 400, 'input.invalid'],
    [
      'a text with NUL',
      () => admin.post(`/tickets/${id}/notes`, once({ text: 'a\u0000' })),
      400,
      'text.control-character',
    ],
    [
      'half a surrogate pair',
      () => admin.post(`/tickets/${id}/notes`, once({ text: 'a\ud800' })),
      400,
      'text.control-character',
    ],
    [
      'a text over 16,000',
      () => admin.post(`/tickets/${id}/messages`, once({ text: 'a'.repeat(16_001) })),
      400,
      'input.invalid',
    ],
    [
      'a message of 1 MB',
      () => admin.post(`/tickets/${id}/messages`, once({ text: 'a'.repeat(1_000_000) })),
      413,
      'input.too-large',
    ],
    ['broken JSON', () => raw(`/tickets/${id}/notes`, '{"text":'), 400, 'input.broken-json'],
    ['a list for a body', () => raw(`/tickets/${id}/notes`, '[1]'), 400, 'input.invalid'],
    ['a word for a body', () => raw(`/tickets/${id}/notes`, '"x"'), 400, 'input.invalid'],
    ['null for a body', () => raw(`/tickets/${id}/notes`, 'null'), 400, 'input.invalid'],
    [
      'a poisoned prototype',
      () => raw(`/tickets/${id}/notes`, '{"__proto__":{"a":1},"text":"a"}'),
      400,
      'input.broken-json',
    ],
    [
      'another content type',
      () => raw(`/tickets/${id}/notes`, 'text=a', { 'content-type': 'text/plain' }),
      415,
      'input.not-json',
    ],
    [
      'a form',
      () => raw('/login', 'email=a', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'input.not-json',
    ],
    ['a limit over 100', () => admin.get('/tickets?limit=101'), 400, 'input.invalid'],
    ['a made-up cursor', () => admin.get('/tickets?after=abc'), 400, 'input.invalid'],
    ['a doubled parameter', () => admin.get('/tickets?status=open&status=closed'), 400, 'input.invalid'],
    ['an operator in a query', () => admin.get('/tickets?agentId[$ne]=1'), 400, 'input.invalid'],
    ['an operator in a body', () => raw('/login', '{"email":{"$gt":""},"password":{"$gt":""}}'), 400, 'input.invalid'],
    [
      'a wrong password',
      () => call('POST', '/login', { email: 'ana@exemplo.com.br', password: 'x' }),
      401,
      'login.refused',
    ],
    ['an unknown account', () => call('POST', '/login', { email: 'no@x.br', password: 'x' }), 401, 'login.refused'],
    ['nobody signed in', () => call('GET', '/tickets'), 401, 'session.required'],
    [
      'a foreign origin',
      () => raw(`/tickets/${id}/take`, '{}', { origin: 'https://evil.example' }),
      403,
      'origin.refused',
    ],
    [
      'a cross-site call',
      () => raw(`/tickets/${id}/take`, '{}', { 'sec-fetch-site': 'cross-site' }),
      403,
      'origin.refused',
    ],
    ['a second setup', () => call('POST', '/setup', setupBody), 409, 'setup.done'],
    ['a used invite', () => call('GET', '/invites/abc'), 404, 'invite.invalid'],
    [
      'a Telegram channel without a token',
      () => admin.post('/channels', { kind: 'telegram', name: 'x', config: {} }),
      400,
      'input.invalid',
    ],
    [
      'wrong sites of a web chat',
      () => admin.post('/channels', { kind: 'webchat', name: 'x', config: { origins: ['nope'] } }),
      400,
      'input.invalid',
    ],
    ['a transfer to nowhere', () => admin.post(`/tickets/${id}/transfer`, { reason: 'x' }), 400, 'input.invalid'],
    [
      'a transfer without a reason',
      () => admin.post(`/tickets/${id}/transfer`, { departmentId: id, reason: ' ' }),
      400,
      'input.invalid',
    ],
  ] as const)('%s gets a clear refusal and changes nothing', async (_what, ask, status, code) => {
    const before = await state();
    const reply = await ask();
    expect([reply.status, reply.body.error.code]).toEqual([status, code]);
    expect(reply.body.error.message).toMatch(/^[A-ZÀ-Ú].+\.$/);
    expect(await state()).toEqual(before);
  });

  it('names every wrong field at once', async () => {
    const { body } = await admin.post('/agents', {
      name: '',
      email: 'x',
      role: 'boss',
      departmentIds: ['1'],
      extra: 1,
    });
    expect(body.error.fields).toEqual({
      name: 'blank',
      email: 'email',
      role: 'type',
      'departmentIds.0': 'id',
      extra: 'unknown',
    });
  });

  it('keeps emoji, right-to-left and composed letters as they are', async () => {
    const text = '👩🏽‍💻 שלום مرحبا e\u0301 🇧🇷\n\tfim';
    const { body } = await admin.post(`/tickets/${id}/notes`, once({ text }));
    expect(body.text).toBe(text.normalize('NFC'));
  });

  it('cleans what a network brings instead of losing it', async () => {
    expect((await desk.writes('a'.repeat(10_000), { from: '+551', name: 'Longo' })).status).toBe(201);
    expect((await desk.ticketOf('+551')).lastMessage.preview).toHaveLength(120);
  });

  it('an empty body is an empty object', async () => {
    const reply = await call('POST', `/tickets/${id}/take`, undefined, { cookie, 'content-type': 'application/json' });
    expect(reply.status).toBe(200);
  });

  it('the API is never cached and every answer carries the same protections', async () => {
    for (const reply of [await admin.get('/me'), await admin.get('/nothing'), await call('GET', '/!nowhere')]) {
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
      expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });
});

describe('pages', async () => {
  const desk = await story();
  const ask = (path: string, headers: Record<string, string>) => fetch(`${desk.origin}${path}`, { headers });

  it('an address that is none is told to people on a page and to programs as a refusal', async () => {
    const person = await ask('/nowhere', { accept: 'text/html' });
    expect([person.status, person.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const program = await ask('/nowhere', { accept: 'application/json' });
    expect([program.status, (await program.json()).error.code]).toEqual([404, 'route.not-found']);
    const api = await ask('/api/v1/nowhere', { accept: 'text/html' });
    expect((await api.json()).error.code).toBe('route.not-found');
  });

  it('scripts come compressed, are kept for a year, and cannot be sniffed or framed', async () => {
    const html = await (await ask('/', {})).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    for (const encoding of ['br', 'gzip']) {
      const reply = await ask(script, { 'accept-encoding': encoding });
      expect([reply.status, reply.headers.get('content-encoding')]).toEqual([200, encoding]);
      expect(reply.headers.get('cache-control')).toContain('immutable');
      expect(reply.headers.get('content-type')).toContain('javascript');
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const plain = await ask(script, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });
});
