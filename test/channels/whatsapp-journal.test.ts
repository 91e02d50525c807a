import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostDouble } from './host-double.ts';
import { linked, until, type World } from './whatsapp-trial.ts';

let world: World;

afterEach(async () => {
  await world.end();
});

const texts = ({ messages }: HostDouble) => messages.map(({ content }) => content.text);
const openRows = ({ stored }: HostDouble) => [...stored.keys()].filter((key) => key.startsWith('key/open/'));

/** The process dies: nothing is finished, and the next one takes the channel over with all that was stored. */
async function takeOver(host: HostDouble): Promise<HostDouble> {
  host.loseLease();
  await until(() => world.fake.connections.size === 0);
  const next = host.next();
  world.channel = world.trial.channel();
  await world.channel.connect(next);
  await world.trial.online(next);
  return next;
}

/** The store takes its time, as a database does; writes stay in their order. */
function slowStore({ session }: HostDouble): void {
  const { get, set } = session;
  let count = 0;
  const pause = () => new Promise((resolve) => setTimeout(resolve, (count++ * 7) % 5));
  let writing: Promise<void> = Promise.resolve();
  session.get = async (keys) => {
    await pause();
    return await get(keys);
  };
  session.set = async (changes) => {
    writing = writing.then(pause).then(() => set(changes));
    await writing;
  };
}

/** Session writes fail as long as `broken` says so. */
function breakStore(host: HostDouble, broken: () => boolean): void {
  const set = host.session.set.bind(host.session);
  host.session.set = async (changes) => {
    if (broken()) throw new Error('the database does not answer');
    await set(changes);
  };
}

describe('a message on its way to the desk', () => {
  it('is not acknowledged while its ratchet and its text are not stored', async () => {
    world = await linked();
    const { host, customer, device } = world;
    const open = host.holdSession();
    const id = await customer.say(device, { conversation: 'oi' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(device.unacknowledged.has(id)).toBe(true);
    expect(host.messages).toEqual([]);
    open();
    await until(() => !device.unacknowledged.has(id));
    await until(() => host.messages.length === 1);
  });
  it('lies in one write with its ratchet', async () => {
    world = await linked();
    const { host, customer, device } = world;
    await customer.say(device, { conversation: 'um' });
    await until(() => openRows(host).length === 0 && host.messages.length === 1);
    const before = host.writes.length;
    await customer.say(device, { conversation: 'dois' });
    await until(() => host.messages.length === 2);
    const kinds = host.writes[before]!.map((key) => key.split('/').slice(0, 2).join('/'));
    expect(new Set(kinds)).toEqual(new Set(['key/session', 'key/inbox', 'key/open']));
  });
  it('arrives once when the process dies after the server was told and before the desk was', async () => {
    world = await linked();
    const { host, customer, device } = world;
    host.hold();
    await customer.say(device, { conversation: 'um' });
    await customer.say(device, { conversation: 'dois' });
    await until(() => device.unacknowledged.size === 0);
    expect(host.messages).toEqual([]);
    const next = await takeOver(host);
    await until(() => next.messages.length === 2);
    await customer.say(device, { conversation: 'três' });
    await until(() => next.messages.length === 3);
    expect(texts(next)).toEqual(['um', 'dois', 'três']);
    await until(() => openRows(next).length === 0);
  });
  it('arrives once when the process dies before the server was told', async () => {
    world = await linked();
    const { host, customer, device, fake } = world;
    fake.faults.dropReceipts = true;
    await customer.say(device, { conversation: 'um' });
    await until(() => host.messages.length === 1);
    await until(() => host.connections.some(({ phase }) => phase === 'waiting'));
    expect(device.unacknowledged.size).toBe(1);
    fake.faults.dropReceipts = false;
    await until(() => device.unacknowledged.size === 0);
    await customer.say(device, { conversation: 'dois' });
    await until(() => host.messages.length === 2);
    expect(texts(host)).toEqual(['um', 'dois']);
    // The second delivery was opened from the journal: nothing was refused, and the phone was not asked to send again.
    expect(device.answers.filter(({ attrs }) => attrs.type === 'retry' || attrs.error !== undefined)).toEqual([]);
  });
  it('keeps no text once the desk has it', async () => {
    world = await linked();
    const { host, customer, device } = world;
    await customer.say(device, { conversation: 'segredo' });
    await until(() => host.messages.length === 1 && openRows(host).length === 0);
    const secret = Buffer.from('segredo').toString('base64').slice(0, 8);
    for (const [key, bytes] of host.stored) {
      if (key.startsWith('key/inbox/')) expect(Buffer.from(bytes).toString()).toBe('{"done":true}');
      expect(Buffer.from(bytes).toString()).not.toContain(secret);
    }
  });
  it('comes in order with what waited at the network, also through many cuts', async () => {
    world = await linked();
    const { host, customer, device, fake } = world;
    const other = fake.phone('5511977776666', '88776655443322', 'Bia');
    const sent: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      for (let n = 0; n < 4; n += 1) {
        const text = `${round}.${n}`;
        sent.push(text);
        await customer.say(device, { conversation: text }, { as: n % 2 === 0 ? 'number' : 'lid' });
        await other.say(device, { conversation: text });
        if (n === 1) fake.dropAll();
      }
    }
    await until(() => host.messages.length === sent.length * 2);
    for (const phone of [customer, other]) {
      const theirs = host.messages.filter(({ conversation }) => conversation === phone.lid);
      expect(theirs.map(({ content }) => content.text)).toEqual(sent);
    }
    expect(host.messages.some(({ backlog }) => backlog === true)).toBe(true);
    expect(host.messages.some(({ backlog }) => backlog === undefined)).toBe(true);
  });
  it('comes once and in order through many deaths, wherever they strike', async () => {
    world = await linked();
    const { customer, device } = world;
    let { host } = world;
    const sent: string[] = [];
    for (let round = 0; round < 15; round += 1) {
      // Nothing is told, nothing is stored, or all goes on, when the end comes some steps later.
      if (round % 3 === 1) host.hold();
      if (round % 3 === 2) host.holdSession();
      for (let n = 0; n < 3; n += 1) {
        sent.push(`${round}.${n}`);
        await customer.say(device, { conversation: `${round}.${n}` }, { as: n === 1 ? 'lid' : 'number' });
      }
      for (let step = 0; step < round; step += 1) await new Promise((resolve) => setTimeout(resolve, 1));
      host = await takeOver(host);
    }
    await until(() => host.messages.length >= sent.length);
    await until(() => openRows(host).length === 0);
    expect(texts(host)).toEqual(sent);
    expect(device.unacknowledged.size).toBe(0);
    expect(device.answers.filter(({ attrs }) => attrs.type === 'retry' || attrs.error !== undefined)).toEqual([]);
  });
  it('does not hold up other customers while one file is slow', async () => {
    world = await linked();
    const { host, customer, device, fake } = world;
    const other = fake.phone('5511977776666', '88776655443322', 'Bia');
    const sealed = await fake.media.put(Buffer.from('foto'), 'image');
    const open = fake.media.hold();
    await customer.say(device, { imageMessage: { ...sealed, mimetype: 'image/png' } });
    await customer.say(device, { conversation: 'e aí?' });
    await other.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    expect(texts(host)).toEqual(['oi']);
    open();
    await until(() => host.messages.length === 3);
    expect(texts(host)).toEqual(['oi', '', 'e aí?']);
  });
});

describe('a desk that stores nothing', () => {
  it('once: the socket ends before anything is refused at the server, and the message comes again', async () => {
    world = await linked();
    const { host, customer, device, trial } = world;
    let fails = 1;
    breakStore(host, () => fails-- > 0);
    const id = await customer.say(device, { conversation: 'um' });
    await until(() => host.messages.length === 1);
    await trial.online(host);
    await until(() => !device.unacknowledged.has(id));
    expect(texts(host)).toEqual(['um']);
    expect(device.answers.filter(({ attrs }) => attrs.error !== undefined || attrs.type === 'retry')).toEqual([]);
  });
  it('for long: every try ends the same way, and nothing is lost', async () => {
    world = await linked();
    const { host, customer, device, trial } = world;
    let broken = true;
    breakStore(host, () => broken);
    const id = await customer.say(device, { conversation: 'um' });
    await until(() => host.connections.filter(({ phase }) => phase === 'waiting').length >= 3);
    expect(device.unacknowledged.has(id)).toBe(true);
    expect(device.answers.filter(({ attrs }) => attrs.error !== undefined)).toEqual([]);
    broken = false;
    await until(() => host.messages.length === 1);
    await trial.online(host);
    expect(texts(host)).toEqual(['um']);
  });
  it('refuses a send whose ratchet cannot be stored, and the customer gets it once at the next try', async () => {
    world = await linked();
    const { host, customer, channel, trial, device } = world;
    await customer.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    await channel.send(customer.jid, host.outbound('c', { text: 'um' }));
    let broken = false;
    breakStore(host, () => broken);
    const message = host.outbound(
      'c',
      { text: 'dois' },
      {
        claim: async () => {
          broken = true;
        },
      },
    );
    await expect(channel.send(customer.jid, message)).rejects.toMatchObject({ fault: 'temporary' });
    expect(customer.inbox).toHaveLength(1);
    broken = false;
    await trial.online(host);
    await channel.send(customer.jid, { ...message, claim: async () => undefined });
    await channel.send(customer.jid, host.outbound('c', { text: 'três' }));
    expect(customer.inbox.map(({ message: got }) => got.extendedTextMessage?.text)).toEqual(['um', 'dois', 'três']);
  });
});

describe('both directions at once', () => {
  it('lose no step of a ratchet', async () => {
    world = await linked();
    const { host, customer, channel, device, fake } = world;
    await customer.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    await channel.send(customer.jid, host.outbound('c', { text: 'começo' }));
    slowStore(host);
    for (let n = 0; n < 60; n += 1) {
      const as = n % 2 === 0 ? 'lid' : 'number';
      await Promise.all([
        customer.say(device, { conversation: `in ${n}` }, { as }),
        channel.send(n % 3 === 0 ? customer.lid : customer.jid, host.outbound('c', { text: `out ${n}` })),
      ]);
    }
    await until(() => host.messages.length === 61);
    expect(fake.failures).toEqual([]);
    expect(customer.inbox).toHaveLength(61);
    expect(device.answers.filter(({ attrs }) => attrs.type === 'retry')).toEqual([]);
  });
  it('print no private key', async () => {
    const printed: string[] = [];
    const sinks = (['log', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...given: unknown[]) => {
        printed.push(given.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' '));
      }),
    );
    world = await linked();
    const { host, customer, channel, device } = world;
    await customer.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    await channel.send(customer.jid, host.outbound('c', { text: 'um' }));
    // A phone that begins anew closes the session that was open.
    customer.signal.forget();
    await customer.say(device, { conversation: 'de novo' });
    await until(() => host.messages.length === 2);
    for (const sink of sinks) sink.mockRestore();
    for (const line of [...printed, ...host.logged]) expect(line).not.toMatch(/privKey|private|Closing session/);
    expect(host.logged.join()).not.toMatch(/55119|998877|segredo/);
  });
});
