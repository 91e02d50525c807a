import { ChannelError } from '../channel.ts';
import { isAddress, tidyAddress } from './address.ts';

/** One server of a mailbox. `secure`: TLS from the first byte; else STARTTLS is demanded. */
export interface MailServer {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
}

export interface EmailSettings {
  address: string;
  /** The company as customers read it in From; may be empty. */
  name: string;
  imap: MailServer & { folder: string };
  smtp: MailServer;
  /** From when on mails are ours; for a mailbox that was rebuilt. */
  since: string | null;
  /** `user+token@domain` arrives here: proved by the wizard's round trip. */
  plusAddressing: boolean;
}

const hostShape = /^[a-z0-9_.:-]{1,253}$/i;

/** Plain text and harmless in a header or a command: no control characters. */
export function isPlain(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

function wrong(field: string): ChannelError {
  return new ChannelError('refused', 'input.invalid', field);
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field);
  return Object.fromEntries(Object.entries(value));
}

function text(value: unknown, field: string, most: number): string {
  if (typeof value !== 'string' || value === '' || value.length > most || !isPlain(value)) throw wrong(field);
  return value;
}

function server(value: unknown, field: string): MailServer {
  const given = record(value, field);
  const host = text(given.host, `${field}.host`, 253);
  if (!hostShape.test(host)) throw wrong(`${field}.host`);
  const { port, secure } = given;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) throw wrong(`${field}.port`);
  if (typeof secure !== 'boolean') throw wrong(`${field}.secure`);
  const password = given.password;
  if (typeof password !== 'string' || password === '' || password.length > 1_024) throw wrong(`${field}.password`);
  return { host, port, secure, user: text(given.user, `${field}.user`, 320), password };
}

/** What the row holds, checked. Throws ChannelError `refused` naming the field, such as `imap.port`. */
export function emailSettings(settings: unknown): EmailSettings {
  const given = record(settings, 'settings');
  const address = given.address;
  if (typeof address !== 'string' || !isAddress(address)) throw wrong('address');
  const name = given.name ?? '';
  if (typeof name !== 'string' || name.length > 200 || !isPlain(name)) throw wrong('name');
  const { folder = 'INBOX' } = record(given.imap, 'imap');
  const since = given.since ?? null;
  if (since !== null && (typeof since !== 'string' || Number.isNaN(Date.parse(since)))) throw wrong('since');
  const plusAddressing = given.plusAddressing ?? false;
  if (typeof plusAddressing !== 'boolean') throw wrong('plusAddressing');
  return {
    address: tidyAddress(address),
    name,
    imap: { ...server(given.imap, 'imap'), folder: text(folder, 'imap.folder', 255) },
    smtp: server(given.smtp, 'smtp'),
    since,
    plusAddressing,
  };
}
