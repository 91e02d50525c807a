import { afterEach, describe, expect, it } from 'vitest';
import type { Check } from '#channels/channel.ts';
import { guessServers, type MailResolver } from '#channels/email/guess.ts';
import { probeMailbox, usualProbeTiming } from '#channels/email/probe.ts';
import { PostOffice } from '../networks/mail/post-office.ts';
import { quick } from './email-network.ts';

const offices: PostOffice[] = [];
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});

async function office(): Promise<PostOffice> {
  const opened = await PostOffice.open();
  offices.push(opened);
  return opened;
}

const timing = { ...usualProbeTiming, ...quick, arriveMs: 5_000, plusMs: 300, pollMs: 20 };

/** Where a part of the settings is other than the post office's. */
type Other = { imap?: object; smtp?: object };

async function probe(box: PostOffice, other: Other = {}, times = timing, insecure = true) {
  const settings = box.settings();
  const given = {
    ...settings,
    imap: { ...(settings.imap as object), ...other.imap },
    smtp: { ...(settings.smtp as object), ...other.smtp },
  };
  const checks: Check[] = [];
  const probed = await probeMailbox(given, { insecure }, (check) => checks.push(check), times);
  return { probed, checks, told: checks.map(({ step, ok, code }) => [step, ok, code]) };
}

describe('trying a mailbox', () => {
  it('logs in, opens the folder, and writes to itself', async () => {
    const box = await office();
    const { probed, checks, told } = await probe(box);
    expect(told).toEqual([
      ['mail.imap-login', true, null],
      ['mail.folder', true, null],
      ['mail.smtp-login', true, null],
      ['mail.round-trip', true, null],
    ]);
    expect(checks.every(({ ms }) => ms >= 0)).toBe(true);
    expect(probed).toEqual({
      ok: true,
      as: 'suporte@acme.test',
      name: 'Acme',
      photo: null,
      settings: { plusAddressing: true },
    });
    // Its letters do not stay.
    expect(box.smtp.sent).toHaveLength(2);
    expect(box.imap.messages()).toEqual([]);
  });
  it.each([
    ['loses', (box: PostOffice) => (box.plusAddresses = false)],
    ['refuses', (box: PostOffice) => box.smtp.beRefusingPlus()],
  ])('notices a server that %s mails to plus addresses', async (_what, arrange) => {
    const box = await office();
    arrange(box);
    const { probed } = await probe(box);
    expect(probed).toMatchObject({ ok: true, settings: { plusAddressing: false } });
  });
  it('says when the letter does not arrive', async () => {
    const box = await office();
    box.deaf = true;
    const { probed, told } = await probe(box, {}, { ...timing, arriveMs: 100 });
    expect(told.at(-1)).toEqual(['mail.round-trip', false, 'mail.not-arrived']);
    expect(probed).toMatchObject({ ok: false, settings: { plusAddressing: false } });
  });
  it('says which password is wrong, and still tries the other', async () => {
    const box = await office();
    const { probed, checks, told } = await probe(box, { imap: { password: 'outra' } });
    expect(told).toEqual([
      ['mail.imap-login', false, 'mail.login-refused'],
      ['mail.smtp-login', true, null],
    ]);
    expect(probed.ok).toBe(false);
    expect(JSON.stringify(checks)).not.toContain('suporte@acme.test');
    expect((await probe(box, { smtp: { password: 'outra' } })).told).toEqual([
      ['mail.imap-login', true, null],
      ['mail.folder', true, null],
      ['mail.smtp-login', false, 'mail.login-refused'],
    ]);
  });
  it.each([
    ['a folder that is not there', { imap: { folder: 'Nada' } }, 'mail.folder', 'mail.folder-missing'],
    ['a port where nobody listens', { imap: { port: 1 } }, 'mail.imap-login', 'mail.connection-refused'],
    ['a host that does not exist', { imap: { host: 'nada.invalid' } }, 'mail.imap-login', 'mail.host-unknown'],
    ['no TLS where TLS is expected', { imap: { secure: true } }, 'mail.imap-login', 'mail.tls'],
    ['no TLS at the SMTP server', { smtp: { secure: true } }, 'mail.smtp-login', 'mail.tls'],
  ])('explains %s', async (_what, other, step, code) => {
    const { told } = await probe(await office(), other);
    expect(told).toContainEqual([step, false, code]);
  });
  it('says nothing in the clear where that is not allowed', async () => {
    const { told } = await probe(await office(), {}, timing, false);
    expect(told).toEqual([
      ['mail.imap-login', false, 'mail.tls'],
      ['mail.smtp-login', false, 'mail.tls'],
    ]);
  });
  it('explains a server that never answers', async () => {
    const box = await office();
    box.imap.mute = true;
    const { told } = await probe(box, {}, { ...timing, connectMs: 200 });
    expect(told[0]).toEqual(['mail.imap-login', false, 'mail.timeout']);
  });
  it('names the field of settings that cannot be tried', async () => {
    const tried = probeMailbox({ address: 'x' }, { insecure: true }, () => undefined, timing);
    await expect(tried).rejects.toMatchObject({ fault: 'refused', field: 'address' });
  });
});

const silent: MailResolver = {
  resolveMx: () => Promise.reject(new Error('ENOTFOUND')),
  resolveSrv: () => Promise.reject(new Error('ENOTFOUND')),
};

describe('guessing the servers of an address', () => {
  it.each([
    ['ana@gmail.com', 'imap.gmail.com', 'smtp.gmail.com', 'app-password'],
    ['ana@Hotmail.com', 'outlook.office365.com', 'smtp-mail.outlook.com', 'oauth'],
    ['ana@yahoo.com.br', 'imap.mail.yahoo.com', 'smtp.mail.yahoo.com', 'app-password'],
    ['ana@icloud.com', 'imap.mail.me.com', 'smtp.mail.me.com', 'app-password'],
    ['ana@uol.com.br', 'imap.uol.com.br', 'smtps.uol.com.br', null],
    ['ana@bol.com.br', 'imap.bol.com.br', 'smtps.bol.com.br', null],
    ['ana@terra.com.br', 'imap.terra.com.br', 'smtp.terra.com.br', null],
    ['ana@zoho.com', 'imap.zoho.com', 'smtp.zoho.com', null],
    ['ana@fastmail.com', 'imap.fastmail.com', 'smtp.fastmail.com', 'app-password'],
  ])('knows %s without asking', async (address, imap, smtp, needs) => {
    const guessed = await guessServers(address, silent);
    expect(guessed).toMatchObject({ imap: { host: imap, port: 993, secure: true }, smtp: { host: smtp }, needs });
    expect(guessed).toMatchObject({ user: address, how: 'provider' });
  });
  it.each([
    ['aspmx.l.google.com', 'Gmail', 'imap.gmail.com'],
    ['acme-com-br.mail.protection.outlook.com', 'Microsoft 365', 'outlook.office365.com'],
    ['mx.zoho.com', 'Zoho', 'imappro.zoho.com'],
    ['mx.a.locaweb.com.br', 'Locaweb', 'email-ssl.com.br'],
    ['mx1.titan.email', 'Titan', 'imap.titan.email'],
    ['mx.kinghost.net.', 'KingHost', 'imap.kinghost.net'],
    ['MX.UHSERVER.COM', 'UOL Host', 'imap.uhserver.com'],
  ])('knows by its exchanger %s', async (exchange, provider, imap) => {
    const resolveMx = async () => [
      { exchange: 'mx.nada.example', priority: 20 },
      { exchange, priority: 10 },
    ];
    const guessed = await guessServers('suporte@acme.com.br', { ...silent, resolveMx });
    expect(guessed).toMatchObject({ how: 'exchanger', provider, imap: { host: imap } });
  });
  it('believes what the DNS announces first', async () => {
    const records: Record<string, { name: string; port: number; priority: number; weight: number }[]> = {
      '_imaps._tcp.acme.com.br': [
        { name: 'reserva.acme.com.br', port: 993, priority: 20, weight: 0 },
        { name: 'Correio.acme.com.br.', port: 9993, priority: 10, weight: 0 },
      ],
      '_submissions._tcp.acme.com.br': [{ name: '.', port: 0, priority: 0, weight: 0 }],
      '_submission._tcp.acme.com.br': [{ name: 'correio.acme.com.br', port: 587, priority: 0, weight: 0 }],
    };
    const resolveSrv = async (name: string) => records[name] ?? Promise.reject(new Error('ENODATA'));
    const resolveMx = async () => [{ exchange: 'aspmx.l.google.com', priority: 1 }];
    expect(await guessServers('suporte@acme.com.br', { resolveSrv, resolveMx })).toMatchObject({
      how: 'srv',
      imap: { host: 'correio.acme.com.br', port: 9993, secure: true },
      smtp: { host: 'correio.acme.com.br', port: 587, secure: false },
    });
  });
  it('falls back to habit when the DNS knows nothing', async () => {
    expect(await guessServers('suporte@acme.com.br', silent)).toMatchObject({
      how: 'habit',
      imap: { host: 'imap.acme.com.br' },
      smtp: { host: 'smtp.acme.com.br' },
    });
  });
  it.each(['yahoo.evil.example', 'gmail.com.evil.example', 'notgmail.com'])('is not taken in by %s', async (domain) => {
    expect(await guessServers(`a@${domain}`, silent)).toMatchObject({ how: 'habit' });
  });
  it('guesses nothing of what is no address', async () => {
    expect(await guessServers('ana', silent)).toBeNull();
  });
});
