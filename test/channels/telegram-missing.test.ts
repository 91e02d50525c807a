import { describe, expect, it, vi } from 'vitest';
import { faults } from '../networks/telegram/faults.ts';
import { ana, channelAt, impatient, online, testPace } from '../networks/telegram/world.ts';
import type { HostDouble } from './host-double.ts';

const bytes = (text: string) => Buffer.from(text.repeat(50_000));
const pdf = { name: 'boleto março.pdf', mime: 'application/pdf', bytes: bytes('%PDF') };

/** What is kept beside the first message. */
function rawOf(host: HostDouble): Uint8Array {
  const { raw } = host.messages[0] as { raw?: Uint8Array };
  if (raw === undefined) throw new Error('nothing is kept');
  return raw;
}

describe('what cannot be taken from Telegram', () => {
  it.each([
    ['poll', 'poll'],
    ['paid_media', 'paid-media'],
    ['hologram3D', 'hologram3D'],
  ])('%s is shown as missing, with the update beside it', async (kind, missing) => {
    const { customer, host, quiet } = await online();
    customer.say({ [kind]: { any: 1 }, caption: 'veja' });
    await quiet();
    expect(host.messages).toMatchObject([{ content: { text: 'veja', missing } }]);
    expect(JSON.parse(Buffer.from(rawOf(host)).toString())).toMatchObject({
      message: { [kind]: { any: 1 } },
    });
  });
  it('a file that is too big, by its own word or by the answer', async () => {
    const { customer, host, fake, quiet } = await online();
    customer.send('document', { ...pdf, size: 20 * 1024 * 1024 + 1, caption: 'grande' });
    fake.faults.plan('getFile', { type: 'answer', status: 400, description: 'Bad Request: file is too big' });
    customer.send('document', { ...pdf, caption: 'também' });
    await quiet();
    expect(host.messages.map(({ content }) => content)).toEqual([
      { text: 'grande', missing: 'too-big' },
      { text: 'também', missing: 'too-big' },
    ]);
    expect(fake.called('getFile')).toHaveLength(1);
  });
  it('a file of who has sent too many today', async () => {
    const { customer, host, quiet } = await online();
    customer.write('oi');
    await quiet();
    host.tooMuchOf.add(host.messages[0]!.conversation);
    customer.send('document', { ...pdf, caption: 'mais um' });
    await quiet();
    expect(host.messages[1]?.content).toEqual({ text: 'mais um', missing: 'quota' });
  });
  it('a file that is gone is missing, until it is read again', async () => {
    const { customer, host, channel, fake, quiet } = await online();
    fake.faults.plan('file', faults.notFound, 3);
    customer.send('document', { ...pdf, caption: 'segue' });
    customer.write('depois');
    await quiet();
    expect(host.messages.map(({ content }) => content)).toEqual([
      { text: 'segue', missing: 'media' },
      { text: 'depois' },
    ]);
    const [again] = await channel.reread!(rawOf(host));
    expect(await host.receive(again!)).toBe('stored');
    const [attachment] = host.messages[0]!.content.attachments!;
    expect(host.files.get(attachment!.id)?.bytes.equals(pdf.bytes)).toBe(true);
    expect(host.messages).toHaveLength(2);
  });
  it('the file of an edit: the one that is there stays, and the edit can be read again', async () => {
    const { customer, host, channel, fake, quiet } = await online();
    const { messageId } = customer.send('document', { ...pdf, caption: 'a' });
    await quiet();
    fake.faults.plan('file', faults.notFound, 3);
    const { updateId } = customer.edit(messageId, 'b');
    await quiet();
    expect(host.changes).toEqual([]);
    expect(host.unreadable).toMatchObject([{ key: `update:${updateId}`, reason: 'media' }]);
    const [again] = await channel.reread!(host.unreadable[0]!.raw);
    expect(again).toMatchObject({ type: 'change', content: { text: 'b', attachments: [{ name: pdf.name }] } });
  });
  it.each([
    ['cut in the middle', 'file', { type: 'cut' }],
    ['that stops coming', 'file', { type: 'hang' }],
    ['asked for too often', 'getFile', faults.tooMany(0)],
    ['behind a broken gateway', 'getFile', faults.badGateway],
  ] as const)('not a file %s: it is fetched again', async (_what, method, fault) => {
    const { customer, host, fake, quiet } = await online(impatient);
    fake.faults.plan(method, fault, 2);
    customer.send('document', pdf);
    await quiet();
    const [attachment] = host.messages[0]!.content.attachments!;
    expect(host.files.get(attachment!.id)?.bytes.equals(pdf.bytes)).toBe(true);
  });
  it('an empty file', async () => {
    const { customer, host, quiet } = await online();
    customer.send('document', { ...pdf, bytes: Buffer.alloc(0) });
    await quiet();
    expect(host.messages[0]?.content).toEqual({ text: '', missing: 'media' });
  });
  it('an update that is not as it should be: it goes to the dead letters, the rest goes on', async () => {
    const { customer, host, fake, quiet } = await online();
    const odd = fake.updates.add({
      message: { message_id: 9, date: 'yesterday', chat: { id: ana, type: 'private' }, text: 'x' },
    });
    const worse = fake.updates.add({ message: {} });
    customer.write('sim');
    await quiet();
    expect(host.unreadable.map(({ key }) => key).sort()).toEqual([`update:${odd}`, `update:${worse}`]);
    expect(JSON.parse(Buffer.from(host.unreadable[0]!.raw).toString())).toHaveProperty('update_id');
    expect(host.messages.map(({ content }) => content.text)).toEqual(['sim']);
  });
  it('is asked for again when the lease is lost in the middle of a file', async () => {
    const { customer, host, fake } = await online({
      ...testPace,
      idleMs: 60_000,
    });
    fake.faults.plan('file', { type: 'hang' });
    const { updateId } = customer.send('document', pdf);
    await vi.waitFor(() => expect(fake.called('getFile')).toHaveLength(1));
    host.loseLease();
    const next = host.next();
    const channel = channelAt(fake);
    await channel.connect(next);
    await fake.updates.outcome(updateId).catch(() => fake.updates.outcome(updateId));
    await channel.disconnect();
    expect(host.logged).toEqual([]);
    expect(next.messages).toMatchObject([{ content: { attachments: [{ name: pdf.name }] } }]);
  });
});
