import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChannelEvent } from '#channels/channel.ts';
import { loopMark } from '#channels/email/address.ts';
import { emailChannel } from '#channels/email/email.ts';
import { mailLimits } from '#channels/email/mail.ts';
import { lastUid, means, quick, rowOf, until } from './email-network.ts';
import { afterwards, ana, closeAll, connect, office, raw, taken, texts, world } from './email-world.ts';
import { HostDouble } from './host-double.ts';
import { picture } from './network.ts';

afterEach(closeAll);

describe('reading a mailbox', () => {
  it('leaves alone what lay there before the channel was made', async () => {
    const box = await office();
    await box.receive({ ...ana, text: 'antiga' });
    const host = new HostDouble();
    await connect(box, host);
    await taken(host, await box.receive({ ...ana, text: 'nova' }));
    expect(texts(host)).toEqual(['nova']);
    expect(host.messages[0]?.backlog).toBeUndefined();
  });
  it('brings what came while we were away, in order, and says so', async () => {
    const { office: box, host, channel } = await world();
    await channel.disconnect();
    for (const text of ['um', 'dois', 'três']) await box.receive({ ...ana, text });
    const next = host.next();
    await connect(box, next);
    await until(() => next.messages.length === 3);
    expect(texts(next)).toEqual(['um', 'dois', 'três']);
    expect(next.messages.every(({ backlog }) => backlog === true)).toBe(true);
  });
  it('survives another UIDVALIDITY: nothing is doubled, nothing lost, nothing old comes up', async () => {
    const box = await office();
    box.imap.deliver(raw('From: ana@correio.example\nSubject: x\n\nantiga'), new Date(Date.now() - 86_400_000 * 3));
    box.imap.deliver(raw('From: ana@correio.example\nSubject: x\n\nde ontem'), new Date(Date.now() - 86_400_000));
    const host = new HostDouble();
    const channel = await connect(box, host);
    await taken(host, await box.receive({ ...ana, text: 'um' }));
    await channel.disconnect();
    // The server's clock is behind ours.
    box.imap.deliver(raw('From: ana@correio.example\nSubject: x\n\ndois'), new Date(Date.now() - 30_000));
    box.imap.renumber(77);
    const next = host.next();
    await connect(box, next);
    await until(() => next.messages.length === 2);
    await taken(next, await box.receive({ ...ana, text: 'três' }));
    expect(texts(next)).toEqual(['um', 'dois', 'três']);
    expect(JSON.parse(Buffer.from(next.stored.get('cursor')!).toString())).toMatchObject({ uidValidity: '77' });
    // The second pass knew the first mail by its key.
    expect(new Set(next.messages.map(({ key }) => key)).size).toBe(3);
  });
  it('begins anew when the channel was given another mailbox', async () => {
    const { host, channel } = await world();
    await channel.disconnect();
    const other = await office('outra@acme.test');
    const old = await other.receive({ ...ana, text: 'do outro, antiga' });
    const next = host.next();
    await connect(other, next);
    await until(() => lastUid(next) >= old);
    await taken(next, await other.receive({ ...ana, text: 'do outro, nova' }));
    expect(texts(next)).toEqual(['do outro, nova']);
  });
  it('survives another UIDVALIDITY while connected', async () => {
    const { office: box, host } = await world();
    await taken(host, await box.receive({ ...ana, text: 'um' }));
    box.imap.renumber(78);
    await until(() => host.connections.filter(({ phase }) => phase === 'online').length === 2);
    await box.receive({ ...ana, text: 'dois' });
    await until(() => host.messages.length === 2);
    expect(texts(host)).toEqual(['um', 'dois']);
  });
  it('goes on when a mail is expunged before it was fetched', async () => {
    const { office: box, host } = await world();
    const open = host.hold();
    await box.receive({ ...ana, text: 'um' });
    // The second lies in the mailbox, and perhaps on our list, while the first is being taken.
    await until(() => host.files.size > 0);
    const second = await box.receive({ ...ana, text: 'dois' });
    const third = await box.receive({ ...ana, text: 'três' });
    box.imap.expunge(second);
    open();
    await taken(host, third);
    expect(texts(host)).toEqual(['um', 'três']);
  });
  it('notices a connection that died silently', async () => {
    const { office: box, host } = await world({ ...quick, watchMs: 300, answerMs: 200 });
    box.imap.fallSilent();
    await until(() => host.connections.filter(({ phase }) => phase === 'online').length >= 2);
    await taken(host, await box.receive({ ...ana, text: 'ainda aqui' }));
    expect(texts(host)).toEqual(['ainda aqui']);
    expect(host.connections.some(({ phase }) => phase === 'waiting')).toBe(true);
  });
  it('keeps an idle connection that answers', async () => {
    const { office: box, host } = await world({ ...quick, watchMs: 60, answerMs: 2_000 });
    const before = box.imap.connections;
    await until(() => box.imap.noops >= 4);
    await taken(host, await box.receive({ ...ana, text: 'oi' }));
    expect(box.imap.connections).toBe(before);
  });
  it('hands a mail over again until the desk takes it', async () => {
    const { office: box, host } = await world();
    const { connections } = box.imap;
    const receive = host.receive.bind(host);
    let refusals = 2;
    host.receive = async (event: ChannelEvent) => {
      if (event.type === 'message' && refusals > 0) {
        refusals -= 1;
        throw new Error('the database does not answer');
      }
      return await receive(event);
    };
    await taken(host, await box.receive({ ...ana, text: 'insistente' }));
    expect(texts(host)).toEqual(['insistente']);
    expect(refusals).toBe(0);
    expect(box.imap.connections).toBe(connections);
  });
  it('gives a mail that cannot be taken apart to the dead letters and goes on', async () => {
    const { office: box, host } = await world();
    const parts = `From: a@b.test\nContent-Type: multipart/mixed; boundary=x\n\n${'--x\n\na\n'.repeat(1_100)}`;
    box.imap.deliver(raw(parts));
    await taken(host, await box.receive({ ...ana, text: 'depois' }));
    expect(host.unreadable).toMatchObject([{ reason: 'mail.too-complex' }]);
    expect(host.unreadable[0]?.raw.length).toBe(raw(parts).length);
    expect(texts(host)).toEqual(['depois']);
  });
  it('is off when another channel has the address', async () => {
    const box = await office();
    const host = new HostDouble();
    host.takeAccounts();
    const channel = emailChannel(rowOf(box.settings()), means, quick);
    afterwards(() => channel.disconnect());
    await channel.connect(host);
    await until(() => host.connections.some(({ phase }) => phase === 'off'));
    expect(host.connections.at(-1)).toEqual({ phase: 'off', reason: 'channel.account-taken' });
    expect(host.accounts).toEqual(['suporte@acme.test']);
  });
  it('waits and tells why when the folder is not there', async () => {
    const box = await office();
    const host = new HostDouble();
    const settings = box.settings();
    const row = rowOf({ ...settings, imap: { ...(settings.imap as object), folder: 'Nada' } });
    const channel = emailChannel(row, means, quick);
    afterwards(() => channel.disconnect());
    await channel.connect(host);
    await until(() => host.connections.some(({ phase }) => phase === 'waiting'));
    expect(host.connections.find(({ phase }) => phase === 'waiting')).toMatchObject({ reason: 'mail.folder-missing' });
  });
  it('gives a sign of life when it is asked for one', async () => {
    const { office: box, host, channel } = await world();
    await channel.test?.();
    box.lock();
    await expect(channel.test?.()).rejects.toMatchObject({ fault: 'logged-out', code: 'mail.login-refused' });
    box.away(true);
    await until(() => host.connections.at(-1)?.phase !== 'online');
    await expect(channel.test?.()).rejects.toMatchObject({ fault: 'temporary', code: 'mail.connection-lost' });
  });
  it('lets go within its time when the desk never answers', async () => {
    const { office: box, host, channel } = await world({ ...quick, drainMs: 50 });
    host.hold();
    await box.receive({ ...ana, text: 'oi' });
    await until(() => host.files.size > 0);
    await channel.disconnect();
    expect(host.messages).toEqual([]);
    expect(host.connections.at(-1)).toEqual({ phase: 'off' });
    expect(lastUid(host)).toBe(0);
  });
});

describe('what a mail becomes', () => {
  it('is its text alone when its sender has sent too many files today', async () => {
    const { office: box, host } = await world();
    host.tooMuchOf.add('ana@correio.example');
    const attachments = [{ filename: 'a.png', content: picture }];
    await taken(host, await box.receive({ ...ana, text: 'oi', attachments }));
    expect(host.messages).toMatchObject([{ content: { text: 'oi', mail: { html: null, original: null } } }]);
    expect(host.messages[0]?.content.attachments).toBeUndefined();
    expect(host.files.size).toBe(0);
  });
  it('keeps the mail as it came, its HTML and its files', async () => {
    const { office: box, host } = await world();
    const uid = await box.receive({
      ...ana,
      cc: 'Bia <bia@correio.example>',
      text: 'oi\n\nEm 1/2/2026 10:00, Lia escreveu:\n> a',
      html: '<p>oi <img src="cid:logo"></p><script>x</script>',
      attachments: [{ filename: 'logo.png', content: picture, cid: 'logo' }],
    });
    await taken(host, uid);
    const { content, from, thread } = host.messages[0]!;
    const { mail, attachments } = content;
    expect(content.text).toBe('oi');
    expect(mail).toMatchObject({ subject: 'oi', to: ['suporte@acme.test'], cc: ['bia@correio.example'] });
    expect(mail?.full).toContain('> a');
    expect(host.files.get(mail!.original!)?.bytes.equals(box.imap.messages()[0]!.raw)).toBe(true);
    expect(host.files.get(mail!.html!)?.bytes.toString()).toBe(`<p>oi <img src="cid:${attachments![0]!.id}" /></p>`);
    expect(host.files.get(attachments![0]!.id)?.bytes).toEqual(picture);
    expect(from.identities).toEqual([{ kind: 'email', value: 'ana@correio.example' }]);
    expect(thread?.others).toMatchObject([{ name: 'Bia', address: 'bia@correio.example' }]);
  });
  it('is a message of its own for the same Message-ID with another body', async () => {
    const { office: box, host } = await world();
    await box.receive({ ...ana, messageId: '<x@correio.example>', date: new Date(0), text: 'um' });
    await box.receive({ ...ana, messageId: '<x@correio.example>', date: new Date(0), text: 'um' });
    await taken(host, await box.receive({ ...ana, messageId: '<x@correio.example>', date: new Date(0), text: 'dois' }));
    expect(texts(host)).toEqual(['um', 'dois']);
    expect(host.messages.map(({ externalId }) => externalId)).toEqual(['x@correio.example', 'x@correio.example']);
  });
  it('is shown by its head alone when it is too large', async () => {
    const { office: box, host } = await world();
    const text = 'x'.repeat(mailLimits.rawBytes);
    await taken(host, box.imap.deliver(raw(`From: Ana <ana@correio.example>\nSubject: grande\n\n${text}`)));
    expect(host.messages).toMatchObject([
      { content: { text: '', missing: 'mail-too-big', mail: { subject: 'grande', original: null } } },
    ]);
    expect(host.files.size).toBe(0);
  });
  it('may be nearly as large as that', async () => {
    const { office: box, host } = await world();
    const content = Buffer.alloc(18 * 1024 * 1024, 7);
    await taken(host, await box.receive({ ...ana, text: 'oi', attachments: [{ filename: 'a.bin', content }] }));
    expect(host.messages[0]?.content.attachments).toMatchObject([{ name: 'a.bin', bytes: content.length }]);
  });
  it('begins a conversation of its own without any id', async () => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(raw('From: ana@correio.example\n\noi')));
    const [message] = host.messages;
    expect(message?.conversation).toBe(`sha256:${message?.key}`);
    expect(message?.externalId).toBe(message?.conversation);
  });
  it('is a dead letter when nobody wrote it', async () => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(raw('Subject: x\n\noi')));
    expect(host.unreadable).toMatchObject([{ reason: 'mail.no-sender' }]);
  });
  it.each([
    ['our mark', `X-Balcao-Loop: ${loopMark('suporte@acme.test')}\nFrom: ana@correio.example`],
    ['our address', 'From: Suporte <SUPORTE@acme.test>'],
    ['a plus address of ours', 'From: suporte+x@acme.test'],
    ['our address twice', 'From: suporte@acme.test\nReply-To: suporte+x@acme.test'],
    ['our address on an automatic mail', 'From: suporte@acme.test\nReply-To: a@b.test\nAuto-Submitted: auto-replied'],
    [
      'our mark behind a form',
      `X-Balcao-Loop: ${loopMark('suporte@acme.test')}\nFrom: suporte@acme.test\nReply-To: a@b.test`,
    ],
  ])('is nothing with %s: it came back', async (_what, header) => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(raw(`${header}\nSubject: x\n\neco`)));
    expect(host.messages).toEqual([]);
    expect(host.logged.some((line) => line.includes('came back'))).toBe(true);
  });
  it('is the customer’s when a form of the site wrote it in the name of the mailbox', async () => {
    const { office: box, host } = await world();
    const header = 'From: Site <suporte@acme.test>\nReply-To: Bia <bia@correio.example>\nSubject: Contato';
    await taken(host, box.imap.deliver(raw(`${header}\n\nquero um plano`)));
    expect(host.messages).toMatchObject([
      { content: { text: 'quero um plano' }, from: { name: 'Bia', address: 'bia@correio.example' } },
    ]);
  });
  it('passes the mail of another desk on', async () => {
    const { office: box, host } = await world();
    await taken(
      host,
      box.imap.deliver(raw(`X-Balcao-Loop: ${loopMark('ajuda@outra.test')}\nFrom: ajuda@outra.test\n\noi`)),
    );
    expect(texts(host)).toEqual(['oi']);
  });
  it('can be mapped again from its bytes', async () => {
    const { office: box, host, channel } = await world();
    await taken(host, await box.receive({ ...ana, text: 'oi' }));
    const events = await channel.reread?.(box.imap.messages()[0]!.raw);
    expect(events).toMatchObject([{ type: 'message', key: host.messages[0]!.key, content: { text: 'oi' } }]);
  });
});

describe('losing the lease', () => {
  it('stops everything at once', async () => {
    const { office: box, host, channel } = await world();
    host.loseLease();
    await vi.waitFor(() => expect(box.imap.connected).toBe(0));
    await box.receive({ ...ana, text: 'tarde' });
    const late = channel.send('ana@correio.example', host.outbound('x', { text: 'a' }));
    await expect(late).rejects.toMatchObject({ fault: 'temporary' });
    expect(host.messages).toEqual([]);
    expect(box.smtp.sent).toEqual([]);
  });
});
