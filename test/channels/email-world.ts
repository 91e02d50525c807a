import { simpleParser } from 'mailparser';
import type { Channel, MailOut, OutboundMessage } from '#channels/channel.ts';
import { emailChannel } from '#channels/email/email.ts';
import type { Timing } from '#channels/email/timing.ts';
import { PostOffice } from '../networks/mail/post-office.ts';
import { customer, lastUid, means, quick, rowOf, until } from './email-network.ts';
import { HostDouble } from './host-double.ts';

/** Everything that a test opened, closed by `closeAll` from the last to the first. */
const closing: (() => Promise<void>)[] = [];

export interface World {
  office: PostOffice;
  host: HostDouble;
  channel: Channel;
}

export async function office(address = 'suporte@acme.test'): Promise<PostOffice> {
  const opened = await PostOffice.open(address);
  closing.push(() => opened.close());
  return opened;
}

/** A channel that reads the post office and is online. */
export async function connect(box: PostOffice, host: HostDouble, timing: Timing = quick, more = {}): Promise<Channel> {
  const channel = emailChannel(rowOf({ ...box.settings(), ...more }), means, timing);
  closing.push(() => channel.disconnect());
  await channel.connect(host);
  await until(() => host.connections.some(({ phase }) => phase === 'online') && lastUid(host) >= 0);
  return channel;
}

export async function world(timing: Timing = quick, more = {}): Promise<World> {
  const box = await office();
  const host = new HostDouble();
  return { office: box, host, channel: await connect(box, host, timing, more) };
}

export const taken = (host: HostDouble, uid: number) => until(() => lastUid(host) >= uid);
export const texts = (host: HostDouble) => host.messages.map(({ content }) => content.text);
export const raw = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
export const ana = { from: 'Ana <ana@correio.example>', subject: 'oi' };

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** For what a test opens by itself. */
export function afterwards(close: () => Promise<void>): void {
  closing.push(close);
}

export interface Desk {
  office: PostOffice;
  host: HostDouble;
  channel: Channel;
  send(text: string, more?: Partial<OutboundMessage>, mail?: Partial<MailOut>): ReturnType<Channel['send']>;
  /** The mail that was sent last, as a person's program reads it. */
  last(): ReturnType<typeof simpleParser>;
}

export async function desk(more = {}, address = 'suporte@acme.test'): Promise<Desk> {
  const office = await PostOffice.open(address);
  closing.push(() => office.close());
  const host = new HostDouble();
  const channel = emailChannel(rowOf({ ...office.settings(), ...more }), means, quick);
  closing.push(() => channel.disconnect());
  await channel.connect(host);
  await until(() => lastUid(host) >= 0 && host.connections.some(({ phase }) => phase === 'online'));
  return {
    office,
    host,
    channel,
    send(text, rest = {}, mail = {}) {
      const message = host.outbound('x', { text }, rest);
      return channel.send(customer, { ...message, mail: { ...message.mail!, ...mail } });
    },
    last: () => simpleParser(office.smtp.sent.at(-1)!.raw),
  };
}
