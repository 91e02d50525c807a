import type { AuthenticationCreds, SignalDataSet, SignalDataTypeMap, SignalKeyStore } from '@whiskeysockets/baileys';
import { unattended } from '#shared/unattended.ts';
import type { ChannelHost } from '../../channel.ts';
import { decode, encode, encodeLinked, recordOf } from './records.ts';

export type Changes = Parameters<ChannelHost['session']['set']>[0];

const cacheMost = 5_000;

/**
 * Baileys' key store for one socket, over the channel's session records. All that a transaction of Baileys changed is
 * one `set`. Credentials and done-marks ride in the next one, so that they are never behind the keys that need them.
 * When the desk cannot take a write the socket is ended first (`lost`), then the call throws: a throw into a live
 * socket makes Baileys refuse the message at the server, which then forgets it.
 */
export class KeyStore implements SignalKeyStore {
  readonly creds: AuthenticationCreds;
  private readonly session: ChannelHost['session'];
  private readonly lost: () => void;
  private readonly cache = new Map<string, Uint8Array | null>();
  private riding: Changes = {};
  private credsChanged = false;
  private pending = 0;
  private last: Promise<unknown> = Promise.resolve();
  private writes = 0;
  private closed = false;

  constructor(session: ChannelHost['session'], creds: AuthenticationCreds, lost: () => void) {
    this.session = session;
    this.creds = creds;
    this.lost = lost;
  }

  async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    const found: Record<string, SignalDataTypeMap[T]> = {};
    const values = await this.read(ids.map((id) => recordOf.key(type, id)));
    ids.forEach((id, at) => {
      const value = values[at];
      if (value !== null && value !== undefined) found[id] = decode(value) as SignalDataTypeMap[T];
    });
    return found;
  }

  async set(data: SignalDataSet): Promise<void> {
    const changes: Changes = {};
    for (const [type, values] of Object.entries(data)) {
      for (const [id, value] of Object.entries(values ?? {})) {
        changes[recordOf.key(type, id)] = value === null || value === undefined ? null : encode(value);
      }
    }
    await this.write(changes);
  }

  /** Baileys changed the credentials (it has changed the object itself already). */
  changed(): void {
    if (this.credsChanged) return;
    this.credsChanged = true;
    queueMicrotask(() => {
      if (this.credsChanged && !this.closed) unattended(this.flush(), 'credentials of WhatsApp');
    });
  }

  /** Records that need not be written now but go with the next write. */
  ride(changes: Changes): void {
    Object.assign(this.riding, changes);
  }

  /** Writes what rides, when nothing else comes to take it along. */
  async flush(): Promise<void> {
    if (this.credsChanged || Object.keys(this.riding).length > 0) await this.write({});
  }

  /** Writes what rides, and from then on nothing for this socket; resolves when all that was begun has ended. */
  async close(): Promise<void> {
    if (!this.closed) {
      const flushing = this.flush();
      this.closed = true;
      await flushing.catch(() => undefined);
    }
    await this.last;
  }

  private async read(names: string[]): Promise<(Uint8Array | null)[]> {
    const missing = names.filter((name) => !this.cache.has(name));
    const before = this.writes;
    const fetched = missing.length === 0 ? {} : await this.guard(() => this.session.get(missing));
    // A write that began meanwhile may be newer than what was read.
    const keep = this.writes === before && this.pending === 0;
    return names.map((name) => {
      const value = this.cache.get(name) ?? fetched[name] ?? null;
      if (keep) this.remember(name, value);
      return value;
    });
  }

  private async write(keys: Changes): Promise<void> {
    if (this.closed) throw new Error('this socket is closed');
    // Only a linked device is worth keeping: an attempt to pair that failed leaves nothing behind.
    const linked = this.credsChanged && this.creds.account !== undefined;
    const creds: Changes = linked ? { [recordOf.creds]: encodeLinked({ creds: this.creds }) } : {};
    const changes = { ...this.riding, ...creds, ...keys };
    this.riding = {};
    this.credsChanged = false;
    if (Object.keys(changes).length === 0) return;
    this.writes += 1;
    this.pending += 1;
    for (const name of Object.keys(changes)) this.cache.delete(name);
    const writing = this.session.set(changes);
    this.last = writing.catch(() => undefined);
    try {
      await this.guard(() => writing);
      for (const [name, value] of Object.entries(changes)) {
        this.remember(name, value instanceof Uint8Array ? value : null, value);
      }
    } finally {
      this.pending -= 1;
    }
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.closed = true;
      this.lost();
      throw error;
    }
  }

  /** Newest last; the oldest goes when there are too many. Records that end by themselves are not kept here. */
  private remember(name: string, bytes: Uint8Array | null, written: Changes[string] = bytes): void {
    if (written !== null && !(written instanceof Uint8Array)) return;
    this.cache.delete(name);
    this.cache.set(name, bytes);
    const oldest = this.cache.size > cacheMost ? this.cache.keys().next().value : undefined;
    if (oldest !== undefined) this.cache.delete(oldest);
  }
}
