import { expect, vi } from 'vitest';
import type { Ability } from '#shared/channel.ts';
import { newClientId as key } from '#shared/client-id.ts';
import { picture, settled, type Trial, type With } from './network.ts';

/** What comes in. */
export function receiving(trial: Trial, can: Set<Ability>, with_: With): void {
  with_('brings a text once, with key, name, conversation, address and time', async ({ host, network }) => {
    const before = Date.now();
    expect(await network.write({ name: 'Ana Paula', text: 'Bom dia', key: key() })).toBe('stored');
    expect(host.messages).toHaveLength(1);
    const message = host.messages[0]!;
    expect(message.key).not.toBe('');
    expect(message.externalId).not.toBe('');
    expect(message.from).toMatchObject({ name: 'Ana Paula', address: network.customer });
    expect(message.from.identities[0]?.value).not.toBe('');
    expect(message.conversation).toBe(network.conversation);
    expect(message.content.text).toBe('Bom dia');
    expect(new Date(message.at).toISOString()).toBe(message.at);
    expect(Math.abs(Date.parse(message.at) - before)).toBeLessThan(60_000);
  });
  with_('says known to a second delivery of the same message', async ({ host, network }) => {
    const same = key();
    await network.write({ name: 'Ana', text: 'oi', key: same });
    expect(await network.write({ name: 'Ana', text: 'oi', key: same })).toBe('known');
    expect(host.messages).toHaveLength(1);
  });
  with_('brings what one customer writes in its order', async ({ host, network }) => {
    const texts = Array.from({ length: 8 }, (_, n) => `n${n}`);
    await Promise.all(texts.map((text) => network.write({ name: 'Ana', text, key: key() })));
    expect(host.messages.map(({ content }) => content.text)).toEqual(texts);
  });
  with_('acknowledges nothing while receive is pending', async ({ host, network }) => {
    const open = host.hold();
    let taken = false;
    const writing = network.write({ name: 'Ana', text: 'oi', key: key() }).then(() => {
      taken = true;
    });
    await settled();
    expect(taken).toBe(false);
    open();
    await writing;
    expect(taken).toBe(true);
  });
  with_('acknowledges nothing after receive rejected, and the next owner gets the message', async (world) => {
    const { host, network, channel } = world;
    host.hold();
    const message = { name: 'Ana', text: 'oi', key: key() };
    const writing = network.write(message).then(
      () => 'taken',
      () => 'not taken',
    );
    await settled();
    host.loseLease();
    expect(trial.resends ? await writing : 'not taken').toBe('not taken');
    await channel.disconnect();
    const next = host.next();
    world.channel = network.again();
    await world.channel.connect(next);
    await network.enter();
    if (trial.resends) await network.write(message);
    await vi.waitFor(() => expect(next.messages).toHaveLength(1), 20_000);
    expect(next.messages[0]?.content.text).toBe('oi');
  });
  for (const [what, text] of [
    ['emoji', 'tudo bem? 👩‍👩‍👧‍👦🏳️‍🌈'],
    ['right to left', 'مرحبا بكم \u202babc\u202c'],
    ['NUL', 'a\u0000b'],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['line breaks', 'uma\nduas\n\nquatro'],
  ] as const) {
    with_(`passes ${what} on as it came`, async ({ host, network }) => {
      const carried = trial.without === undefined ? text : text.replace(trial.without, '');
      await network.write({ name: 'Ana', text: carried, key: key() });
      expect(host.messages[0]?.content.text).toBe(carried);
    });
  }
  with_('passes the longest text on, whole', async ({ host, network }) => {
    await network.write({ name: 'Ana', text: 'ã'.repeat(trial.longest), key: key() });
    expect(host.messages[0]?.content.text).toHaveLength(trial.longest);
  });
  // Only networks that carry files from customers have them; the pretended ones write texts.
  if (!can.has('files') || trial.resends) return;
  with_('saves a file before its message, and names what it holds', async ({ host, network }) => {
    const file = { name: 'foto.png', mime: 'image/png', bytes: picture };
    await network.write({ name: 'Ana', text: 'olha', key: key(), file });
    const attachments = host.messages[0]?.content.attachments ?? [];
    expect(attachments).toHaveLength(1);
    expect(host.files.get(attachments[0]!.id)?.bytes).toEqual(picture);
    expect(host.messages[0]?.content.text).toBe('olha');
  });
  with_('names the message that a customer answers to', async ({ host, network, channel }) => {
    const sent = await channel.send(network.customer, host.outbound(network.conversation, { text: 'Qual?' }));
    if (!('externalId' in sent)) throw new Error('the send is uncertain');
    await network.write({ name: 'Ana', text: 'este', key: key(), replyTo: sent.externalId });
    expect(host.messages[0]?.replyTo?.externalId).toBe(sent.externalId);
  });
  with_('shows what it does not understand as missing', async ({ host, network }) => {
    await network.write({ name: 'Ana', text: '', key: key(), strange: true });
    expect(host.messages).toHaveLength(1);
    expect(host.messages[0]?.content.missing).toMatch(/^[a-z-]+$/);
  });
}
