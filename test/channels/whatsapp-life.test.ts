import { afterEach, describe, expect, it } from 'vitest';
import type { Tuning } from '#channels/whatsapp/tuning.ts';
import type { Connection } from '#shared/channel.ts';
import { HostDouble } from './host-double.ts';
import { linked, until, WhatsAppTrial, type World } from './whatsapp-trial.ts';

let world: World | null = null;
const open = async (changed: Partial<Tuning> = {}) => {
  world = await linked(changed);
  return world;
};

afterEach(async () => {
  await world?.end();
  world = null;
});

/** A channel that is connected and not linked. */
async function unlinked(changed: Partial<Tuning> = {}) {
  const trial = new WhatsAppTrial(changed);
  await trial.fake.start();
  const host = new HostDouble();
  const channel = trial.channel();
  await channel.connect(host);
  const end = async () => {
    await channel.disconnect();
    await trial.fake.stop();
  };
  return { trial, host, channel, end };
}

const last = ({ connections }: HostDouble) => connections.at(-1);
const phases = ({ connections }: HostDouble) => connections.map(({ phase }) => phase);
function pairing(host: HostDouble): Extract<Connection, { phase: 'pairing' }> | null {
  const now = last(host);
  return now?.phase === 'pairing' ? now : null;
}

describe('linking a phone', () => {
  it('is off until it is asked for, then shows a code, restarts and is online under its number', async () => {
    const { trial, host, channel, end } = await unlinked();
    expect(host.connections).toEqual([{ phase: 'off' }]);
    expect(trial.fake.attempts).toBe(0);
    await trial.link(channel, host);
    expect(phases(host)).toEqual(['off', 'connecting', 'pairing', 'connecting', 'online']);
    expect(last(host)).toEqual({ phase: 'online', as: '+5511900001111', name: 'Acme' });
    expect(host.accounts).toEqual(['+5511900001111']);
    expect(trial.fake.failures).toEqual([]);
    await end();
  });
  it('says how long a QR code lives', async () => {
    const { host, channel, end } = await unlinked();
    const before = Date.now();
    await channel.pair?.({ method: 'qr' });
    await until(() => pairing(host) !== null);
    expect(pairing(host)?.qr).toMatch(/^https:|,/);
    expect(Date.parse(pairing(host)!.expiresAt) - before).toBeGreaterThanOrEqual(59_000);
    await end();
  });
  it('links by a code that is typed on the phone', async () => {
    const { trial, host, channel, end } = await unlinked();
    await channel.pair?.({ method: 'code', phone: '+55 11 90000-1111' });
    await until(() => pairing(host)?.code !== undefined);
    expect(pairing(host)).toMatchObject({ code: expect.stringMatching(/^[A-Z0-9]{8}$/) });
    expect(pairing(host)?.qr).toBeUndefined();
    await until(() => trial.fake.asksForCode);
    await trial.fake.type(pairing(host)!.code!, trial.owner);
    await trial.online(host);
    expect(trial.fake.failures).toEqual([]);
    await trial.customer.say(trial.device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    await end();
  });
  it('shows no QR code where a code was asked for', async () => {
    const { host, channel, end } = await unlinked({ qrMs: 30 });
    await channel.pair?.({ method: 'code', phone: '5511900001111' });
    await until(() => last(host)?.phase === 'off' && host.connections.length > 1);
    expect(host.connections.filter((now) => now.phase === 'pairing' && now.qr !== undefined)).toEqual([]);
    await end();
  });
  it('is off when all codes have ended, leaves nothing behind and can begin anew', async () => {
    const { trial, host, channel, end } = await unlinked({ qrMs: 20 });
    await channel.pair?.({ method: 'qr' });
    await until(() => last(host)?.phase === 'off' && host.connections.length > 1);
    expect(last(host)).toEqual({ phase: 'off', reason: 'whatsapp.pairing-expired' });
    expect(host.connections.filter(({ phase }) => phase === 'pairing')).toHaveLength(6);
    expect([...host.stored.keys()]).toEqual([]);
    await channel.disconnect();
    const again = trial.channel();
    await again.connect(host);
    expect(last(host)).toEqual({ phase: 'off' });
    await again.disconnect();
    await end();
  });
  it('is off again when the connection is lost before the phone has answered', async () => {
    const { trial, host, channel, end } = await unlinked();
    await channel.pair?.({ method: 'qr' });
    await until(() => pairing(host) !== null);
    trial.fake.dropAll();
    await until(() => last(host)?.phase === 'off');
    expect(last(host)).toEqual({ phase: 'off', reason: 'whatsapp.pairing-failed' });
    await trial.link(channel, host);
    await end();
  });
  it('ends a former attempt when it is asked again', async () => {
    const { trial, host, channel, end } = await unlinked();
    await channel.pair?.({ method: 'qr' });
    await until(() => pairing(host) !== null);
    await trial.link(channel, host);
    expect(trial.fake.devices.size).toBe(1);
    await end();
  });
  it('refuses a phone that is none, and a second phone', async () => {
    const { trial, host, channel, end } = await unlinked();
    await expect(channel.pair?.({ method: 'code', phone: '123' })).rejects.toMatchObject({ field: 'phone' });
    await trial.link(channel, host);
    const second = channel.pair?.({ method: 'qr' });
    await expect(second).rejects.toMatchObject({ fault: 'refused', code: 'whatsapp.already-linked' });
    await end();
  });
  it("gives a number up that is another channel's", async () => {
    const { trial, host, channel, end } = await unlinked();
    host.takeAccounts();
    await channel.pair?.({ method: 'qr' });
    await until(() => pairing(host)?.qr !== undefined);
    trial.fake.scan(pairing(host)!.qr!, trial.owner);
    await until(() => last(host)?.phase === 'off');
    expect(last(host)).toEqual({ phase: 'off', reason: 'whatsapp.number-in-use' });
    expect(phases(host)).not.toContain('online');
    await until(() => host.stored.size === 0);
    await end();
  });
  it('is taken even with signatures of random bytes: only TLS protects the link', async () => {
    const { trial, host, channel, end } = await unlinked();
    trial.fake.faults.garbageCertificate = true;
    await trial.link(channel, host);
    await end();
  });
});

describe('the end of a socket', () => {
  it('stays away when another process has taken the device over', async () => {
    const { fake, host, device } = await open();
    const { attempts } = fake;
    fake.replace(device);
    await until(() => last(host)?.phase === 'waiting');
    expect(last(host)).toMatchObject({ phase: 'waiting', reason: 'used-elsewhere' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(fake.attempts).toBe(attempts);
  });
  it('comes back from an unavailable server, from a lost connection and from one that it does not know', async () => {
    const { fake, host, device, trial } = await open();
    for (const code of ['503', '428', '408', '499']) {
      fake.streamError(device, code);
      await until(() => last(host)?.phase !== 'online');
      await trial.online(host);
    }
    fake.dropAll();
    await until(() => last(host)?.phase !== 'online');
    await trial.online(host);
    expect(phases(host)).not.toContain('logged-out');
  });
  it('restarts at once when it is told to', async () => {
    const { fake, host, device, trial } = await open({ backoff: { firstMs: 60_000, mostMs: 60_000 } });
    fake.streamError(device, '515');
    await until(() => last(host)?.phase !== 'online');
    await trial.online(host);
    expect(phases(host)).not.toContain('waiting');
  });
  it.each([
    ['401', { phase: 'logged-out', reason: 'whatsapp.logged-out' }],
    ['403', { phase: 'logged-out', reason: 'whatsapp.blocked' }],
    ['405', { phase: 'off', reason: 'whatsapp.version-refused' }],
  ])('stops at a failure %s of the login and keeps its keys', async (reason, phase) => {
    const { fake, host } = await open();
    fake.faults.login = reason;
    fake.dropAll();
    await until(() => last(host)?.phase === phase.phase);
    expect(last(host)).toEqual(phase);
    expect([...host.stored.keys()].filter((key) => key.startsWith('key/pre-key/')).length).toBeGreaterThan(100);
    const { attempts } = fake;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(fake.attempts).toBe(attempts);
  });
  it('tries once more after a bad session, and erases nothing after the second', async () => {
    const { fake, host } = await open();
    fake.faults.login = '500';
    fake.dropAll();
    await until(() => last(host)?.phase === 'off');
    expect(last(host)).toEqual({ phase: 'off', reason: 'whatsapp.bad-session' });
    expect(host.stored.has('creds')).toBe(true);
  });
  it('does not take the words of a proxy for a logout', async () => {
    const { fake, host, trial } = await open();
    fake.faults.upgrade = 403;
    fake.dropAll();
    await until(() => fake.attempts >= 4);
    expect(last(host)?.phase).toMatch(/waiting|connecting/);
    fake.faults.upgrade = null;
    await trial.online(host);
  });
  it('gives a peer up that says nothing', async () => {
    const { fake, host, trial } = await open({ openMs: 2_500 });
    fake.faults.frozen = true;
    fake.dropAll();
    await until(() => host.connections.filter(({ phase }) => phase === 'waiting').length >= 2);
    fake.faults.frozen = false;
    await trial.online(host);
  });
  it('remembers that it was thrown out, and is linked again by pairing', async () => {
    const { fake, host, device, trial, channel } = await open();
    fake.logOut(device);
    await until(() => last(host)?.phase === 'logged-out');
    const late = channel.send(trial.customer.jid, host.outbound('c', { text: 'tarde' }));
    await expect(late).rejects.toMatchObject({ fault: 'logged-out', code: 'whatsapp.logged-out' });
    await channel.disconnect();
    const { attempts } = fake;
    world!.channel = trial.channel();
    await world!.channel.connect(host);
    expect(last(host)).toEqual({ phase: 'logged-out', reason: 'whatsapp.logged-out' });
    expect(fake.attempts).toBe(attempts);
    await trial.link(world!.channel, host);
    expect(fake.devices.size).toBe(2);
  });
  it('unlinks the device at the phone when it is to be forgotten', async () => {
    const { host, device, channel } = await open();
    await channel.disconnect(true);
    expect(device.loggedOut).toBe(true);
    expect([...host.stored.keys()]).toEqual([]);
    expect(last(host)).toEqual({ phase: 'off' });
  });
  it('lets go at once when the lease is lost', async () => {
    const { host, channel, fake, trial } = await open();
    host.loseLease();
    await until(() => fake.connections.size === 0);
    const late = channel.send(trial.customer.jid, host.outbound('c', { text: 'tarde' }));
    await expect(late).rejects.toMatchObject({ fault: 'temporary' });
  });
  it('does not wait for a peer that has frozen', async () => {
    const { fake, host, channel, trial } = await open({ ackMs: 200 });
    fake.freeze();
    const stuck = channel.send(trial.customer.jid, host.outbound('c', { text: 'oi' }));
    const outcome = expect(stuck).rejects.toMatchObject({ fault: 'temporary' });
    await channel.disconnect();
    await outcome;
    expect(last(host)).toEqual({ phase: 'off' });
  }, 20_000);
  it('answers a test by a ping', async () => {
    const { channel, fake } = await open();
    await channel.test?.();
    fake.dropAll();
    await until(() => fake.connections.size === 0);
    await expect(channel.test?.()).rejects.toMatchObject({ fault: 'temporary', code: 'whatsapp.offline' });
  });
});
