import { describe, expect, it, vi } from 'vitest';
import { ChannelError } from '#channels/channel.ts';
import { type Ability, abilitiesOf } from '#shared/channel.ts';
import { newClientId as key } from '#shared/client-id.ts';
import { receiving } from './contract-receiving.ts';
import { begin, picture, settled, type Trial, type With } from './network.ts';

/** What every channel owes to the desk; run against each of them. */
export function channelContract(name: string, trial: Trial): void {
  const can = new Set(trial.can ?? abilitiesOf[trial.kind]);
  const with_: With = (what, run) =>
    it(what, async () => {
      const world = await begin(trial);
      try {
        await run(world);
      } finally {
        await world.channel.disconnect();
        await world.network.close();
      }
    });

  describe(`channel ${name}`, () => {
    it('names the field of wrong settings', () => {
      for (const { make, field } of trial.wrong) {
        let fault: unknown = null;
        try {
          make();
        } catch (error) {
          fault = error;
        }
        expect(fault, field).toBeInstanceOf(ChannelError);
        expect(fault).toMatchObject({ field, fault: 'refused' });
      }
    });
    with_('has the kind and the abilities of its network', async ({ channel }) => {
      expect(channel.kind).toBe(trial.kind);
      expect([...channel.can].sort()).toEqual([...can].sort());
    });
    with_('says connecting before online, and off at the end', async ({ host, channel }) => {
      await channel.disconnect();
      const phases = host.connections.map(({ phase }) => phase);
      expect(phases.indexOf('connecting')).toBeLessThan(phases.indexOf('online'));
      expect(phases.indexOf('connecting')).toBeGreaterThanOrEqual(0);
      expect(phases.at(-1)).toBe('off');
    });
    receiving(trial, can, with_);
    sending(can, with_);
    failing(can, with_, trial);
    leaving(trial, with_);
  });
}

function sending(can: Set<Ability>, with_: With): void {
  with_('brings what the desk sends, and answers the id of the network', async ({ host, network, channel }) => {
    const sent = await channel.send(network.customer, host.outbound(network.conversation, { text: 'Olá, Ana 👋' }));
    expect(sent).toMatchObject({ externalId: expect.stringMatching(/./) });
    expect(await network.got()).toMatchObject([{ ...sent, text: 'Olá, Ana 👋' }]);
  });
  with_('lets nothing leave before the claim, and nothing after the claim was refused', async (world) => {
    const { host, network, channel } = world;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const slow = channel.send(
      network.customer,
      host.outbound(network.conversation, { text: 'a' }, { claim: () => gate }),
    );
    await settled();
    expect(await network.got()).toEqual([]);
    open();
    await slow;
    expect(await network.got()).toHaveLength(1);
    const claim = () => Promise.reject(new Error('moved on'));
    const refused = channel.send(network.customer, host.outbound(network.conversation, { text: 'b' }, { claim }));
    await expect(refused).rejects.toThrow('moved on');
    await settled();
    expect(await network.got()).toHaveLength(1);
  });
  if (can.has('same-id')) {
    with_('shows a message that is sent twice once', async ({ host, network, channel }) => {
      const message = host.outbound(network.conversation, { text: 'uma vez' });
      const first = await channel.send(network.customer, message);
      expect(await channel.send(network.customer, message)).toEqual(first);
      const got = new Set((await network.got()).map(({ externalId }) => externalId));
      expect(got.size).toBe(1);
    });
  }
  with_('keeps 4,000 characters', async ({ host, network, channel }) => {
    const text = 'é'.repeat(4_000);
    await channel.send(network.customer, host.outbound(network.conversation, { text }));
    expect((await network.got())[0]?.text).toBe(text);
  });
  with_('names in receipts the id that send gave, and sends none that its network does not know', async (world) => {
    const { host, network, channel } = world;
    const sent = await channel.send(network.customer, host.outbound(network.conversation, { text: 'chegou?' }));
    await network.acknowledge();
    await settled();
    const told = host.receipts.filter(({ status }) => status === 'delivered').map(({ externalId }) => externalId);
    if (!can.has('delivered')) expect(told).toEqual([]);
    else await vi.waitFor(() => expect(host.receipts).toContainEqual(expect.objectContaining(sent)));
  });
  if (!can.has('files')) return;
  with_('sends a file with its caption, byte for byte', async ({ host, network, channel }) => {
    const file = host.file(picture, { name: 'recibo.png', mime: 'image/png', kind: 'image' });
    const message = host.outbound(network.conversation, { text: 'segue', attachments: [file] });
    await channel.send(network.customer, message);
    const [got] = await network.got();
    expect(got?.text).toBe('segue');
    expect(got?.files).toHaveLength(1);
    expect(got?.files[0]?.bytes.equals(picture)).toBe(true);
  });
  with_('answers to a message of the customer', async ({ host, network, channel }) => {
    await network.write({ name: 'Ana', text: 'qual o valor?', key: key() });
    const { externalId, from } = host.messages[0]!;
    const replyTo = { externalId, mine: false, author: from.address, text: 'qual o valor?' };
    const mail = { ...host.outbound(network.conversation, { text: '' }).mail!, inReplyTo: externalId };
    await channel.send(network.customer, host.outbound(network.conversation, { text: 'R$ 10' }, { replyTo, mail }));
    expect((await network.got())[0]?.replyTo).toBe(externalId);
  });
}

function failing(can: Set<Ability>, with_: With, trial: Trial): void {
  if (trial.resends) return;
  with_('shows a refusal with its code and stays connected', async ({ host, network, channel }) => {
    network.faults?.refuse();
    const refused = channel.send(network.customer, host.outbound(network.conversation, { text: 'não vai' }));
    await expect(refused).rejects.toMatchObject({ fault: 'refused', code: expect.stringMatching(/^[a-z]+\.[a-z-]+$/) });
    await channel.send(network.customer, host.outbound(network.conversation, { text: 'vai' }));
    expect((await network.got()).map(({ text }) => text)).toEqual(['vai']);
  });
  with_('does not know the fate of what the network never answers', async ({ host, network, channel }) => {
    network.faults?.silence();
    const sent = channel.send(network.customer, host.outbound(network.conversation, { text: 'chegou?' }));
    if (can.has('same-id')) await expect(sent).rejects.toMatchObject({ fault: 'temporary' });
    else expect(await sent).toMatchObject({ uncertain: expect.stringMatching(/./) });
  });
  with_('comes back by itself after the network was away', async ({ host, network, channel }) => {
    await network.faults?.cut();
    await vi.waitFor(() => expect(host.connections.at(-1)?.phase).toBe('waiting'), 30_000);
    await network.faults?.mend();
    await vi.waitFor(() => expect(host.connections.at(-1)?.phase).toBe('online'), 30_000);
    await network.write({ name: 'Ana', text: 'voltou', key: key() });
    expect(host.messages).toHaveLength(1);
    await channel.send(network.customer, host.outbound(network.conversation, { text: 'sim' }));
    expect(await network.got()).toHaveLength(1);
  });
  with_('stops trying when it was thrown out, and keeps what it has', async ({ host, network, channel }) => {
    await network.faults?.logOut();
    await vi.waitFor(() => expect(host.connections.at(-1)?.phase).toBe('logged-out'), 30_000);
    const kept = host.stored.size;
    const late = channel.send(network.customer, host.outbound(network.conversation, { text: 'tarde' }));
    await expect(late).rejects.toMatchObject({ fault: expect.stringMatching(/^(logged-out|temporary)$/) });
    expect(host.stored.size).toBe(kept);
    expect(host.connections.at(-1)?.phase).toBe('logged-out');
  });
}

function leaving(trial: Trial, with_: With): void {
  with_('sends nothing after disconnect', async ({ host, network, channel }) => {
    await channel.disconnect();
    const late = channel.send(network.customer, host.outbound(network.conversation, { text: 'tarde' }));
    await expect(late).rejects.toMatchObject({ fault: 'temporary' });
    if (trial.resends) {
      await expect(network.write({ name: 'Ana', text: 'oi', key: key() })).rejects.toThrow();
    }
    await settled();
    expect(host.messages).toEqual([]);
    expect(host.receipts).toEqual([]);
  });
  with_('finishes what is under way before it lets go', async ({ host, network, channel }) => {
    const open = host.hold();
    const writing = network.write({ name: 'Ana', text: 'oi', key: key() }).catch(() => 'lost');
    await settled();
    let gone = false;
    const leaving = channel.disconnect().then(() => {
      gone = true;
    });
    await settled();
    if (trial.resends) expect(gone).toBe(false);
    open();
    await leaving;
    if (trial.resends) {
      await writing;
      expect(host.messages).toHaveLength(1);
    } else expect(host.messages.length).toBeLessThan(2);
  });
  with_('works again after it was connected again', async (world) => {
    const { host, network, channel } = world;
    await channel.disconnect();
    world.channel = network.again();
    await world.channel.connect(host);
    await network.enter();
    expect(await network.write({ name: 'Ana', text: 'oi', key: key() })).toBe('stored');
  });
  with_('logs neither texts nor addresses', async ({ host, network, channel }) => {
    host.hold();
    const writing = network.write({ name: 'Ana', text: 'segredo', key: key() }).catch(() => null);
    await settled();
    host.loseLease();
    await channel.disconnect();
    if (trial.resends) await writing;
    for (const line of host.logged) {
      expect(line).not.toContain('segredo');
      expect(line).not.toContain(network.customer);
    }
  });
}
