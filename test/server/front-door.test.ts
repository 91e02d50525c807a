import { describe, expect, it } from 'vitest';
import { paces } from '#server/pace.ts';
import { adminEmail, password, setupBody, testApp } from '../support/app.ts';

const day = 24 * 60 * 60_000;
/** A time that the database's own removal of expired records will not reach. */
const noon = Date.parse('2126-11-25T12:00:00Z');

describe('setup', () => {
  it('of two at once one wins; the other is told that it is done', async () => {
    const { call } = await testApp();
    expect((await call('GET', '/setup')).body).toEqual({ open: true });
    const second = { ...setupBody, company: 'Outra', email: 'outra@exemplo.com.br' };
    const replies = await Promise.all([call('POST', '/setup', setupBody), call('POST', '/setup', second)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.error.code).toBe('setup.done');
    expect((await call('GET', '/setup')).body).toEqual({ open: false });
  });

  it('wants the code, five tries a minute, and an expired one is worth nothing', async () => {
    let now = noon;
    const { call, app } = await testApp({ clock: () => now, setupCode: null });
    const code = app.front.setupCode.current();
    for (let n = 0; n < 5; n += 1) {
      expect((await call('POST', '/setup', { ...setupBody, code: 'wrong' })).body.error.code).toBe('setup.code-wrong');
    }
    const sixth = await call('POST', '/setup', { ...setupBody, code });
    expect([sixth.status, sixth.body.error.code]).toEqual([429, 'rate.limited']);
    expect(sixth.headers.get('retry-after')).toBe('60');
    now += 31 * 60_000;
    expect((await call('POST', '/setup', { ...setupBody, code })).body.error.code).toBe('setup.code-wrong');
    const fresh = app.front.setupCode.current();
    expect(fresh).not.toBe(code);
    expect((await call('POST', '/setup', { ...setupBody, code: fresh.toLowerCase() })).status).toBe(201);
  });

  it.each(['internet-provider', 'software-house', 'shop', 'blank'])(
    'the template %s brings departments, conclusions and, if wanted, sample customers',
    async (template) => {
      const desk = await testApp();
      const admin = await desk.setUp({ template, sampleData: true });
      const departments = (await admin.get('/departments')).body.items;
      expect(departments).toHaveLength(template === 'blank' ? 1 : 3);
      expect((await admin.get('/conclusions')).body.items.length).toBeGreaterThan(3);
      const { items } = (await admin.get('/tickets?limit=100')).body;
      expect(items.length).toBeGreaterThan(6);
      expect(items.every((ticket: { simulated: boolean }) => ticket.simulated)).toBe(true);
      expect(new Set(items.map((ticket: { channel: string }) => ticket.channel)).size).toBe(4);
      expect(new Set(items.map((ticket: { departmentId: string }) => ticket.departmentId)).size).toBe(
        departments.length,
      );
    },
  );
});

describe('signing in', () => {
  it('ends when it is idle or old, everywhere when asked, and for who is switched off', async () => {
    let now = noon;
    const desk = await testApp({ clock: () => now });
    const admin = await desk.setUp();
    now += 7 * 60 * 60_000;
    expect((await admin.get('/me')).status).toBe(200);
    now += 4 * 60 * 60_000;
    expect((await admin.get('/me')).status).toBe(200);
    now += 2 * 60 * 60_000;
    expect((await admin.get('/me')).status).toBe(401);
    const [one, two] = [await desk.signIn(adminEmail), await desk.signIn(adminEmail)];
    await one.post('/logout', { everywhere: true });
    expect((await two.get('/me')).status).toBe(401);
    const idle = await desk.signIn(adminEmail);
    now += 9 * 60 * 60_000;
    expect((await idle.get('/me')).status).toBe(401);
  });

  it('is limited per account, and says when to come back', async () => {
    const desk = await testApp({ paces: { ...paces, signInAccount: 3 } });
    await desk.setUp();
    const wrong = () => desk.call('POST', '/login', { email: adminEmail, password: 'errada' });
    for (let n = 0; n < 3; n += 1) expect((await wrong()).status).toBe(401);
    const limited = await desk.call('POST', '/login', { email: adminEmail, password });
    expect([limited.status, limited.body.error.code]).toEqual([429, 'rate.limited']);
  });

  it('sets a cookie that scripts cannot read, bound to the host and to https where there is https', async () => {
    const plain = await testApp();
    const http = await plain.call('POST', '/setup', setupBody);
    expect(http.headers.get('set-cookie')).toMatch(/^balcao=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await testApp({ publicUrl: 'https://desk.example' });
    const https = await secure.app.http.inject({ method: 'POST', url: '/api/v1/setup', payload: setupBody });
    const cookie = /^__Host-balcao=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
    expect(https.headers['set-cookie']).toMatch(cookie);
    expect(https.headers['strict-transport-security']).toContain('max-age=31536000');
  });
});

describe('invites', () => {
  it('work once, for seven days, and a newer one ends the older', async () => {
    let now = noon;
    const desk = await testApp({ clock: () => now });
    const admin = await desk.setUp();
    const about = { name: 'Lia', email: 'lia@exemplo.com.br', role: 'agent', departmentIds: [] };
    const { agent, inviteUrl } = (await admin.post('/agents', about)).body;
    const tokenOf = (url: string): string => url.split('/').pop() ?? '';
    const second = tokenOf((await admin.post(`/agents/${agent.id}/invite`)).body.inviteUrl);
    expect((await desk.call('GET', `/invites/${tokenOf(inviteUrl)}`)).status).toBe(404);
    expect((await desk.call('GET', `/invites/${second}`)).body).toMatchObject({
      name: 'Lia',
      company: 'Conecta Fibra',
    });
    expect((await desk.call('POST', `/invites/${second}`, { password: 'curta' })).body.error.fields).toEqual({
      password: 'too-short',
    });
    expect((await desk.call('POST', `/invites/${second}`, { password })).status).toBe(200);
    expect((await desk.call('POST', `/invites/${second}`, { password })).body.error.code).toBe('invite.invalid');
    const fresh = await desk.signIn(adminEmail);
    const late = tokenOf((await fresh.post(`/agents/${agent.id}/invite`)).body.inviteUrl);
    now += 7 * day + 1;
    expect((await desk.call('GET', `/invites/${late}`)).status).toBe(404);
  });

  it('for somebody who has a password already let them choose a new one and end their other sign-ins', async () => {
    const desk = await testApp();
    const admin = await desk.setUp();
    const lia = await desk.hire(admin, { name: 'Lia Ramos' });
    const url: string = (await admin.post(`/agents/${lia.id}/invite`)).body.inviteUrl;
    const chosen = await desk.call('POST', `/invites/${url.split('/').pop()}`, { password: 'outra senha longa' });
    expect(chosen.status).toBe(200);
    expect((await lia.get('/me')).status).toBe(401);
    expect((await desk.call('POST', '/login', { email: 'lia.ramos@exemplo.com.br', password })).status).toBe(401);
    await desk.signIn('lia.ramos@exemplo.com.br', 'outra senha longa');
  });

  it('the last admin stays one', async () => {
    const desk = await testApp();
    const admin = await desk.setUp();
    const me = (await admin.get('/me')).body.agent.id;
    expect((await admin.patch(`/agents/${me}`, { role: 'agent' })).body.error.code).toBe('agent.last-admin');
    expect((await admin.patch(`/agents/${me}`, { active: false })).body.error.code).toBe('agent.last-admin');
    expect(
      (await admin.post('/agents', { name: 'Outra', email: adminEmail.toUpperCase(), role: 'agent' })).body.error.code,
    ).toBe('agent.email-taken');
  });
});
