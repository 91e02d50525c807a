import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import {
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  proto,
  type SignalAuthState,
  type SocketConfig,
  writeRandomPadMax16,
} from '@whiskeysockets/baileys';
import { decode, encode, recordOf } from './records.ts';

type Repository = ReturnType<SocketConfig['makeSignalRepository']>;

/** A decrypted stanza: its attributes and the padded plaintext, from which all of the message can be made again. */
export interface Row {
  attrs: Record<string, string>;
  plain: Uint8Array;
}

/** A row that the desk does not have yet. `order` is its place among the open ones. */
export interface OpenRow extends Row {
  order: string;
  hash: string;
}

/** What a row leaves behind for a fortnight: the server may deliver its stanza again. */
interface Done {
  done: true;
}

/** The transaction of Baileys' key store, with the two types of record that it does not know. */
interface JournalKeys {
  get(type: 'inbox', ids: string[]): Promise<Record<string, Row | Done | undefined>>;
  set(data: { inbox: Record<string, Row>; open: Record<string, string> }): Promise<void>;
  transaction<T>(work: () => Promise<T>, key: string): Promise<T>;
}

const keptMs = 14 * 24 * 60 * 60 * 1_000;
/** One key for everything that moves a ratchet; never the name of a type, whose reads would wait for it for ever. */
const ratchet = 'signal';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Keeps the plaintext of each message in the same write that moves its ratchet. Baileys acknowledges a message after
 * that write and hands it over later: a process that ends in between would have lost it, for a ratchet opens a message
 * once. A stanza that comes again finds its row and is acknowledged again.
 */
export class Journal {
  private readonly envelopes = new Map<string, Record<string, string>>();
  private readonly opened: (row: OpenRow) => void;
  private readonly room: () => Promise<void>;
  private readonly epoch: string;
  private count = 0;

  /** `after`: the order of the last row that is still open, so that new ones come behind it. `room` holds back while too much waits. */
  constructor(after: string | null, opened: (row: OpenRow) => void, room: () => Promise<void>) {
    const last = Number(after?.split('.')[0] ?? 0);
    this.epoch = String(Math.max(Date.now(), last + 1)).padStart(15, '0');
    this.opened = opened;
    this.room = room;
  }

  /**
   * To be called with each message stanza before Baileys sees it. Remembers its attributes, and puts every stanza into
   * the one queue that Baileys has for the backlog: live ones would overtake it.
   */
  announce(stanza: BinaryNode): void {
    const parts = Array.isArray(stanza.content) ? stanza.content : [];
    const attrs = { ...stanza.attrs };
    for (const { tag, content } of parts) {
      if (tag === 'enc' && content instanceof Uint8Array) this.envelopes.set(sha256(content), attrs);
    }
    stanza.attrs.offline ??= '0';
  }

  /** To be called when a socket begins: what an earlier one announced and never opened comes again. */
  begin(): void {
    this.envelopes.clear();
  }

  /** Makes Baileys' Signal repository with the journal around its decryption. */
  repository: SocketConfig['makeSignalRepository'] = (auth, logger, toLid) => {
    const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, toLid);
    const keys = journalKeys(auth);
    // Out of a send's transaction, which would write the ratchet only after the frame has left.
    const exit = AsyncLocalStorage.snapshot();
    const alone =
      <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
      (...given: A): Promise<R> =>
        exit(() => keys.transaction(() => work(...given), ratchet));
    return {
      ...inner,
      encryptMessage: alone(inner.encryptMessage),
      encryptGroupMessage: alone(inner.encryptGroupMessage),
      injectE2ESession: alone(inner.injectE2ESession),
      migrateSession: alone(inner.migrateSession),
      deleteSession: alone(inner.deleteSession),
      decryptGroupMessage: alone(inner.decryptGroupMessage),
      decryptMessage: (given) => exit(() => this.decrypt(inner, keys, given)),
    };
  };

  private async decrypt(
    inner: Repository,
    keys: JournalKeys,
    given: Parameters<Repository['decryptMessage']>[0],
  ): Promise<Uint8Array> {
    const hash = sha256(given.ciphertext);
    const attrs = this.envelopes.get(hash);
    this.envelopes.delete(hash);
    const seen = (await keys.get('inbox', [hash]))[hash];
    if (seen !== undefined) return 'plain' in seen ? seen.plain : writeRandomPadMax16(empty());
    // Without its stanza a row could not be told; the message is asked for again.
    if (attrs === undefined) throw new Error('a message that was not announced');
    if (ignored(attrs)) {
      return await keys.transaction(() => inner.decryptMessage(given), ratchet);
    }
    await this.room();
    const row = await keys.transaction(async () => {
      const plain = await inner.decryptMessage(given);
      const order = `${this.epoch}.${String(this.count++).padStart(9, '0')}`;
      await keys.set({ inbox: { [hash]: { attrs, plain } }, open: { [order]: hash } });
      return { attrs, plain, order, hash };
    }, ratchet);
    this.opened(row);
    return row.plain;
  }
}

/** What a row becomes when the desk has its message: no plaintext, and gone after a fortnight. */
export function doneMarks({ order, hash }: OpenRow): Record<string, { value: Uint8Array; expiresAt: string } | null> {
  const done: Done = { done: true };
  const expiresAt = new Date(Date.now() + keptMs).toISOString();
  return {
    [recordOf.key('inbox', hash)]: { value: encode(done), expiresAt },
    [recordOf.key('open', order)]: null,
  };
}

/** Rows that the desk does not have yet, in order. */
export async function openRows(session: {
  get(keys: string[]): Promise<Record<string, Uint8Array>>;
  list(prefix: string, limit: number): Promise<{ key: string; value: Uint8Array }[]>;
}): Promise<OpenRow[]> {
  const open = await session.list(recordOf.open, 10_000);
  const places = open.map(({ key, value }) => ({
    order: key.slice(recordOf.open.length),
    hash: String(decode(value)),
  }));
  if (places.length === 0) return [];
  const rows = await session.get(places.map(({ hash }) => recordOf.key('inbox', hash)));
  return places.flatMap(({ order, hash }) => {
    const bytes = rows[recordOf.key('inbox', hash)];
    const row = bytes === undefined ? null : (decode(bytes) as Row | Done);
    return row !== null && 'plain' in row ? [{ ...row, order, hash }] : [];
  });
}

/** Groups, status posts and newsletters: read past, never kept. */
export function ignored({ from = '' }: Record<string, string>): boolean {
  return /@(g\.us|broadcast|newsletter)$/.test(from);
}

function empty(): Uint8Array {
  return proto.Message.encode({}).finish();
}

function journalKeys({ keys }: SignalAuthState): JournalKeys {
  if (!('transaction' in keys)) throw new Error('the key store has no transactions');
  return keys as unknown as JournalKeys;
}
