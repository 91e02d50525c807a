import { afterEach, describe, expect, it } from 'vitest';
import { customer, until } from './email-network.ts';
import { closeAll, desk } from './email-world.ts';

afterEach(closeAll);

describe('what the server answers', () => {
  it.each([
    [{ at: 'rcpt', code: 550, text: '5.1.1 no such user' }, 'refused', 'mail.address-refused'],
    [{ at: 'rcpt', code: 550, text: 'User unknown' }, 'refused', 'mail.address-refused'],
    [{ at: 'rcpt', code: 552, text: '5.2.2 mailbox full' }, 'refused', 'mail.mailbox-full'],
    [{ at: 'mail', code: 552, text: '5.3.4 too big' }, 'refused', 'mail.too-big'],
    [{ at: 'data', code: 554, text: '5.7.1 looks like spam' }, 'refused', 'mail.blocked'],
    [{ at: 'mail', code: 553, text: 'not yours' }, 'refused', 'mail.refused'],
    [{ at: 'rcpt', code: 451, text: '4.3.0 later' }, 'temporary', 'mail.deferred'],
    [{ at: 'data', code: 452, text: '4.3.1 full' }, 'temporary', 'mail.deferred'],
    [{ at: 'connect', code: 421, text: 'busy' }, 'temporary', 'mail.server-busy'],
    [{ at: 'auth', code: 535, text: '5.7.8 no' }, 'logged-out', 'mail.login-refused'],
    [
      { at: 'auth', code: 534, text: '5.7.9 Application-specific password required' },
      'logged-out',
      'mail.app-password',
    ],
    [{ at: 'auth', code: 454, text: '4.7.0 Temporary authentication failure' }, 'temporary', 'mail.login-later'],
    [{ at: 'dot' }, 'temporary', 'mail.connection-lost'],
  ] as const)('%j is %s, %s', async (fault, kind, code) => {
    const { office, send } = await desk();
    office.smtp.fail(fault);
    await expect(send('não')).rejects.toMatchObject({ fault: kind, code });
    expect(office.smtp.sent).toEqual([]);
    await send('sim');
    expect(office.smtp.sent).toHaveLength(1);
  });
  it('says when greylisting is worth another try', async () => {
    const { office, send } = await desk();
    office.smtp.beGreylisting();
    await expect(send('oi')).rejects.toMatchObject({ fault: 'temporary', retryAfterMs: 300_000 });
    await send('oi');
    expect(office.smtp.sent).toHaveLength(1);
  });
  it('sends the letter though a copy is refused', async () => {
    const { office, host, send } = await desk();
    office.smtp.fail({ at: 'rcpt', code: 550, only: 'bia@correio.example' });
    await send('oi', {}, { cc: ['bia@correio.example'] });
    expect(office.smtp.sent[0]?.to).toEqual([customer]);
    expect(host.logged.some((line) => line.includes('copies'))).toBe(true);
  });
  it('refuses when the copy was taken and the letter was not', async () => {
    const { office, send } = await desk();
    office.smtp.fail({ at: 'rcpt', code: 550, text: '5.1.1 no', only: customer });
    const sent = send('oi', {}, { cc: ['bia@correio.example'] });
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'mail.address-refused' });
  });
  it('takes a server that nobody finds for one that is away', async () => {
    const { office, send } = await desk();
    office.away(true);
    await expect(send('oi')).rejects.toMatchObject({ fault: 'temporary', code: 'mail.connection-lost' });
  });
  it('cuts a send that is under way when the lease is lost', async () => {
    const { office, host, send } = await desk();
    const release = office.smtp.hold();
    const sending = send('oi');
    await until(() => office.smtp.attempts === 1);
    host.loseLease();
    await expect(sending).rejects.toMatchObject({ fault: 'temporary' });
    release();
  });
  it('finishes a send that is under way before it lets go', async () => {
    const { office, channel, send } = await desk();
    const release = office.smtp.hold();
    const sending = send('oi');
    await until(() => office.smtp.attempts === 1);
    const leaving = channel.disconnect();
    release();
    await leaving;
    expect(await sending).toHaveProperty('externalId');
  });
});

describe('two desks that write to each other', () => {
  it('end after one automatic answer', async () => {
    const a = await desk({}, 'suporte@acme.test');
    const b = await desk({}, 'ajuda@outra.test');
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.office.onSent = ({ from, raw }) => {
        other.office.imap.deliver(Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\n`), raw]));
      };
    }
    await a.channel.send('ajuda@outra.test', a.host.outbound('x', { text: 'Recebemos.' }, { auto: true }));
    await until(() => b.host.messages.length === 1);
    // What the desk sees tells it not to answer by itself: that ends it.
    expect(b.host.messages[0]).toMatchObject({ auto: expect.any(String), content: { text: 'Recebemos.' } });
    await b.channel.send('suporte@acme.test', b.host.outbound('x', { text: 'Aqui é gente.' }));
    await until(() => a.host.messages.length === 1);
    expect(a.host.messages[0]?.auto).toBeUndefined();
  });
});
