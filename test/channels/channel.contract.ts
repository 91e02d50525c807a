import { describe, expect, it } from 'vitest';
import { type Channel, ChannelError } from '#channels/channel.ts';
import { abilitiesOf, type ChannelKind } from '#shared/channel.ts';
import { newClientId } from '#shared/client-id.ts';
import { HostDouble } from './host-double.ts';

/** One network with its channel, as the suite drives it. */
export interface Network {
  channel: Channel;
  /** What the network would know as the customer's address. */
  customer: string;
  /** What the desk knows the customer's conversation by. */
  conversation: string;
  /** A customer writes; resolves when the network was told that it was taken, rejects when it was not. */
  write(message: { name: string; text: string; key: string }): Promise<'stored' | 'known'>;
  /** What the customer got, each once. */
  got(): Promise<{ id: string; text: string }[]>;
  /** The customer's side lets the network know that it has what was sent. */
  acknowledge(): Promise<void>;
}

/** How a channel is put on trial. */
export interface Trial {
  kind: ChannelKind;
  /** A network whose channel is not connected yet. `enter` is called after connecting. */
  open(): Network & { enter(): Promise<void> };
  /** The longest text that the network carries. */
  longest: number;
  /** Makers with wrong settings and the field that each must name. */
  wrong: { make(): Channel; field: string }[];
}

async function begin(trial: Trial) {
  const host = new HostDouble();
  const network = trial.open();
  await network.channel.connect(host);
  await network.enter();
  return { host, network, channel: network.channel };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const key = newClientId;

/** What every channel owes to the desk; run against each of them. */
export function channelContract(name: string, trial: Trial): void {
  describe(`channel ${name}`, () => {
    it('has the kind and the abilities of its network', () => {
      const { channel } = trial.open();
      expect(channel.kind).toBe(trial.kind);
      expect([...channel.can].sort()).toEqual([...abilitiesOf[trial.kind]].sort());
    });
    it('says connecting before online, and off at the end', async () => {
      const { host, channel } = await begin(trial);
      await channel.disconnect();
      expect(host.connections.map(({ phase }) => phase)).toEqual(['connecting', 'online', 'off']);
    });
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
    receiving(trial);
    sending(trial);
    leaving(trial);
  });
}

function receiving(trial: Trial): void {
  it('brings a text once, with key, name, conversation, address and time', async () => {
    const { host, network } = await begin(trial);
    const before = Date.now();
    expect(await network.write({ name: 'Ana Paula', text: 'Bom dia', key: 'k1' })).toBe('stored');
    expect(host.messages).toHaveLength(1);
    const message = host.messages[0]!;
    expect(message.key).toContain('k1');
    expect(message.from).toMatchObject({ name: 'Ana Paula', address: network.customer });
    expect(message.from.identities[0]?.value).not.toBe('');
    expect(message.conversation).toBe(network.conversation);
    expect(message.content.text).toBe('Bom dia');
    expect(new Date(message.at).toISOString()).toBe(message.at);
    expect(Math.abs(Date.parse(message.at) - before)).toBeLessThan(5_000);
  });
  it('says known to a second delivery of the same key', async () => {
    const { host, network } = await begin(trial);
    await network.write({ name: 'Ana', text: 'oi', key: 'same' });
    expect(await network.write({ name: 'Ana', text: 'oi', key: 'same' })).toBe('known');
    expect(host.messages).toHaveLength(1);
  });
  it('acknowledges nothing while receive is pending', async () => {
    const { host, network } = await begin(trial);
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
  it('acknowledges nothing after receive rejected, and takes the message when it is delivered again', async () => {
    const { host, network } = await begin(trial);
    const message = { name: 'Ana', text: 'oi', key: key() };
    host.breakDown(true);
    await expect(network.write(message)).rejects.toThrow();
    host.breakDown(false);
    expect(await network.write(message)).toBe('stored');
  });
  it.each([
    ['emoji', 'tudo bem? 👩‍👩‍👧‍👦🏳️‍🌈'],
    ['right to left', 'مرحبا بكم \u202babc\u202c'],
    ['NUL', 'a\u0000b'],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['line breaks', 'uma\nduas\n\nquatro'],
  ])('passes %s on as it came', async (_what, text) => {
    const { host, network } = await begin(trial);
    await network.write({ name: 'Ana', text, key: key() });
    expect(host.messages[0]?.content.text).toBe(text);
  });
  it('passes the longest text on, whole', async () => {
    const { host, network } = await begin(trial);
    await network.write({ name: 'Ana', text: 'ã'.repeat(trial.longest), key: key() });
    expect(host.messages[0]?.content.text).toHaveLength(trial.longest);
  });
}

function sending(trial: Trial): void {
  it('brings what the desk sends, and answers the id of the network', async () => {
    const { host, network, channel } = await begin(trial);
    const { id, at, text } = host.says(network.conversation, 'Olá, Ana 👋\u0000');
    const sent = await channel.send(network.customer, { id, at, authorName: 'Lia', content: { text } });
    expect(sent.externalId).not.toBe('');
    expect(await network.got()).toMatchObject([{ id, text }]);
  });
  it('shows a message that is sent twice once', async () => {
    const { host, network, channel } = await begin(trial);
    const { id, at, text } = host.says(network.conversation, 'uma vez');
    const message = { id, at, authorName: 'Lia', content: { text } };
    const first = await channel.send(network.customer, message);
    expect(await channel.send(network.customer, message)).toEqual(first);
    expect(await network.got()).toHaveLength(1);
  });
  it('keeps 10,000 characters', async () => {
    const { host, network, channel } = await begin(trial);
    const { id, at, text } = host.says(network.conversation, 'é'.repeat(10_000));
    await channel.send(network.customer, { id, at, authorName: 'Lia', content: { text } });
    expect((await network.got())[0]?.text).toBe(text);
  });
  it('names in receipts the id that send gave, and sends none that its network does not know', async () => {
    const { host, network, channel } = await begin(trial);
    const { id, at, text } = host.says(network.conversation, 'chegou?');
    const { externalId } = await channel.send(network.customer, { id, at, authorName: 'Lia', content: { text } });
    await network.acknowledge();
    await settled();
    const told = host.receipts.map(({ messageId, status }) => [messageId, status]);
    expect(told).toEqual(channel.can.has('delivered') ? [[externalId, 'delivered']] : []);
  });
}

function leaving(trial: Trial): void {
  it('receives and sends nothing after disconnect', async () => {
    const { host, network, channel } = await begin(trial);
    await channel.disconnect();
    await expect(network.write({ name: 'Ana', text: 'oi', key: key() })).rejects.toThrow();
    const { id, at, text } = host.says(network.conversation, 'tarde');
    const late = channel.send(network.customer, { id, at, authorName: 'Lia', content: { text } });
    await expect(late).rejects.toMatchObject({ fault: 'temporary' });
    await settled();
    expect(host.messages).toEqual([]);
    expect(host.receipts).toEqual([]);
  });
  it('finishes what is under way before it lets go', async () => {
    const { host, network, channel } = await begin(trial);
    const open = host.hold();
    const writing = network.write({ name: 'Ana', text: 'oi', key: key() }).catch(() => 'lost');
    await settled();
    let gone = false;
    const leaving = channel.disconnect().then(() => {
      gone = true;
    });
    await settled();
    expect(gone).toBe(false);
    open();
    await Promise.all([writing, leaving]);
    expect(host.messages).toHaveLength(1);
  });
  it('works again after it was connected again', async () => {
    const { host, network, channel } = await begin(trial);
    await channel.disconnect();
    await channel.connect(host);
    await network.enter();
    expect(await network.write({ name: 'Ana', text: 'oi', key: key() })).toBe('stored');
  });
  it('logs neither texts nor addresses', async () => {
    const { host, network, channel } = await begin(trial);
    host.breakDown(true);
    await network.write({ name: 'Ana', text: 'segredo', key: key() }).catch(() => null);
    await channel.disconnect();
    for (const line of host.logged) {
      expect(line).not.toContain('segredo');
      expect(line).not.toContain(network.customer);
    }
  });
}
