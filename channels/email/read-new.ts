import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { ChannelHost } from '../channel.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import type { Arrived } from './inbound.ts';
import { mailLimits } from './mail.ts';

/** One open connection to the folder. */
export interface Line {
  client: ImapFlow;
  host: ChannelHost;
  /** Hands a mail to the desk; rejects when it was not taken. */
  deliver(arrived: Arrived): Promise<void>;
  /** Names the folder and its account. */
  of: string;
  /** From when on a rebuilt mailbox is read; null: since the channel began. */
  since: string | null;
  /** UIDs below this one waited while we were away. */
  backlogBelow: number;
  leaving: AbortSignal;
  /** How often a mail could not be fetched; outlives the connection. */
  misses: Map<number, number>;
}

/** A mail whose fetching breaks the connection again and again is left behind after this many times. */
const fetchTries = 5;

/** Of a mail that is too large, as much as its headers may take. */
const headBytes = 256 * 1024;

const day = 86_400_000;

/** INTERNALDATE has whole seconds, by a clock that is not ours. */
const clocksMs = 60_000;

/**
 * Where reading begins. The first time: after what lies in the folder already. Under another UIDVALIDITY the whole
 * folder is read again; the mails' keys tell which were known.
 */
export async function openCursor({ client, host, since, of }: Line): Promise<Cursor> {
  const box = client.mailbox;
  if (box === false) throw new Error('no folder is open');
  const uidValidity = String(box.uidValidity);
  const kept = await readCursor(host);
  const known = kept?.of === of ? kept : null;
  if (known !== null && known.uidValidity === uidValidity) return known;
  const began = known?.since ?? since ?? new Date().toISOString();
  const last = Math.max(0, box.uidNext - 1);
  const cursor: Cursor =
    known === null
      ? { of, uidValidity, lastUid: last, rescanTo: 0, since: began }
      : { of, uidValidity, lastUid: 0, rescanTo: last, since: since ?? began };
  if (known !== null) host.log('the mailbox was rebuilt and is read again', { mails: box.exists });
  await writeCursor(host, cursor);
  return cursor;
}

/** Reads what came after the cursor, in the order of the UIDs, and moves the cursor behind each mail that was taken. */
export async function readNew(line: Line, cursor: Cursor): Promise<void> {
  while (!line.leaving.aborted) {
    const fresh = await freshOf(line, cursor);
    if (fresh.length === 0) break;
    for (const letter of fresh) {
      if (line.leaving.aborted) return;
      await readOne(line, cursor, letter);
    }
  }
}

type Letter = Pick<FetchMessageObject, 'uid' | 'size' | 'internalDate'>;

/** What a rescan covers is searched by day first: a mailbox may hold years of mails that are none of ours. */
async function freshOf({ client }: Line, cursor: Cursor): Promise<Letter[]> {
  if (client.mailbox === false || client.mailbox.exists === 0) return [];
  const about = { uid: true, size: true, internalDate: true } as const;
  if (cursor.lastUid < cursor.rescanTo) {
    const found = await client.search({ since: new Date(Date.parse(cursor.since) - day) }, { uid: true });
    const uids = (Array.isArray(found) ? found : []).filter((uid) => uid > cursor.lastUid && uid <= cursor.rescanTo);
    if (uids.length > 0) return inOrder(await client.fetchAll(uids, about, { uid: true }), cursor.lastUid);
    cursor.lastUid = cursor.rescanTo;
  }
  // `n:*` always names the last mail, also when its UID is below n (RFC 3501 6.4.8).
  return inOrder(await client.fetchAll(`${cursor.lastUid + 1}:*`, about, { uid: true }), cursor.lastUid);
}

function inOrder(letters: readonly Letter[], after: number): Letter[] {
  return letters.filter(({ uid }) => uid > after).sort((a, b) => a.uid - b.uid);
}

async function readOne(line: Line, cursor: Cursor, letter: Letter): Promise<void> {
  const { uid } = letter;
  const at = isoOf(letter.internalDate);
  const old = uid <= cursor.rescanTo && at !== null && Date.parse(at) < Date.parse(cursor.since) - clocksMs;
  const arrived = old ? null : await fetched(line, cursor, letter, at);
  if (arrived !== null) await line.deliver(arrived);
  cursor.lastUid = uid;
  if (arrived !== null) await writeCursor(line.host, cursor);
}

function isoOf(date: Date | string | undefined): string | null {
  const time = date === undefined ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The mail's bytes; null when somebody removed it, or when it cannot be fetched at all. */
async function fetched(line: Line, cursor: Cursor, { uid, size }: Letter, at: string | null): Promise<Arrived | null> {
  const misses = line.misses.get(uid) ?? 0;
  if (misses >= fetchTries) return leftBehind(line, cursor, uid, at);
  line.misses.set(uid, misses + 1);
  const fits = (size ?? 0) <= mailLimits.rawBytes;
  const maxLength = fits ? mailLimits.rawBytes + 1 : headBytes;
  const found = await line.client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength } }, { uid: true });
  line.misses.delete(uid);
  // An expunged mail is `false`, or an answer without source.
  const source = found ? found.source : undefined;
  if (source === undefined || source.length === 0) return null;
  const complete = fits && source.length <= mailLimits.rawBytes;
  return {
    raw: complete ? source : source.subarray(0, headBytes),
    complete,
    at,
    backlog: uid < line.backlogBelow,
  };
}

async function leftBehind({ host, misses }: Line, cursor: Cursor, uid: number, at: string | null): Promise<null> {
  misses.delete(uid);
  host.log('a mail cannot be fetched and was left behind', { uid });
  await host.receive({
    type: 'unreadable',
    key: `uid:${cursor.uidValidity}:${uid}`,
    at: at ?? new Date().toISOString(),
    reason: 'mail.unfetchable',
    raw: new Uint8Array(),
  });
  return null;
}
