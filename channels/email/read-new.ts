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
  troubles: Troubles;
}

/** What went wrong with fetching; outlives the connection. */
export interface Troubles {
  /** How often a mail could not be fetched, by UID. */
  misses: Map<number, number>;
  /** Up to this UID mails are fetched one by one, for one of them may break the connection. */
  aloneTo: number;
}

/** A mail whose fetching breaks the connection again and again is left behind after this many times. */
const fetchTries = 5;

/** Of a mail that is too large, as much as its headers may take. */
const headBytes = 256 * 1024;

/** What is fetched with one question, at most; a larger mail comes alone. */
const batchMails = 16;
const batchBytes = 4 * 1024 * 1024;

const none = Buffer.alloc(0);

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
    for (const batch of batchesOf(fresh)) {
      if (line.leaving.aborted) return;
      const wanted = batch.filter((letter) => !isOld(cursor, letter));
      const sources = await sourcesOf(line, wanted);
      for (const letter of batch) {
        if (line.leaving.aborted) return;
        await readOne(line, cursor, letter, sources.get(letter.uid));
      }
    }
  }
}

type Letter = Pick<FetchMessageObject, 'uid' | 'size' | 'internalDate'>;

/** Neighbours that are fetched with one question, for a server far away answers few of them a second. */
function batchesOf(letters: readonly Letter[]): Letter[][] {
  const batches: Letter[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const letter of letters) {
    const size = letter.size ?? batchBytes;
    const last = batches.at(-1);
    if (last === undefined || last.length >= batchMails || bytes + size > batchBytes) {
      batches.push([letter]);
      bytes = size;
    } else {
      last.push(letter);
      bytes += size;
    }
  }
  return batches;
}

/**
 * The bytes of several mails by their UIDs; what is missing there is asked for by itself. Rejects when the connection
 * broke: then each of these is asked for by itself the next time, so that the one that does it is known.
 */
async function sourcesOf({ client, troubles }: Line, letters: readonly Letter[]): Promise<Map<number, Buffer>> {
  const sources = new Map<number, Buffer>();
  const uids = letters.map(({ uid }) => uid);
  const last = uids.at(-1) ?? 0;
  if (uids.length < 2 || last <= troubles.aloneTo) return sources;
  try {
    // One that is larger than it said comes alone too.
    const wanted = { uid: true, source: { start: 0, maxLength: batchBytes + 1 } } as const;
    for await (const { uid, source = none } of client.fetch(uids, wanted, { uid: true }))
      if (source.length > 0 && source.length <= batchBytes) sources.set(uid, source);
    return sources;
  } catch (error) {
    troubles.aloneTo = last;
    throw error;
  }
}

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

async function readOne(line: Line, cursor: Cursor, letter: Letter, source: Buffer | undefined): Promise<void> {
  const arrived = isOld(cursor, letter) ? null : await fetched(line, cursor, letter, source);
  if (arrived !== null) await line.deliver(arrived);
  cursor.lastUid = letter.uid;
  if (arrived !== null) await writeCursor(line.host, cursor);
}

/** Whether a rescan passes over it: it came before the channel began. */
function isOld(cursor: Cursor, { uid, internalDate }: Letter): boolean {
  const at = isoOf(internalDate);
  return uid <= cursor.rescanTo && at !== null && Date.parse(at) < Date.parse(cursor.since) - clocksMs;
}

function isoOf(date: Date | string | undefined): string | null {
  const time = date === undefined ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The mail's bytes; null when somebody removed it, or when it cannot be fetched at all. */
async function fetched(line: Line, cursor: Cursor, letter: Letter, known: Buffer | undefined): Promise<Arrived | null> {
  const { uid } = letter;
  const at = isoOf(letter.internalDate);
  const fits = (letter.size ?? 0) <= mailLimits.rawBytes;
  const source = known ?? (await sourceOf(line, uid, fits ? mailLimits.rawBytes + 1 : headBytes));
  if (source === 'unfetchable') return await leftBehind(line, cursor, uid, at);
  if (source === null) return null;
  const complete = fits && source.length <= mailLimits.rawBytes;
  return {
    raw: complete ? source : source.subarray(0, headBytes),
    complete,
    at,
    backlog: uid < line.backlogBelow,
  };
}

/** One mail's bytes; null when it is gone, `unfetchable` when asking for it broke the connection too often. */
async function sourceOf(line: Line, uid: number, maxLength: number): Promise<Buffer | null | 'unfetchable'> {
  const misses = line.troubles.misses.get(uid) ?? 0;
  if (misses >= fetchTries) return 'unfetchable';
  line.troubles.misses.set(uid, misses + 1);
  const found = await line.client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength } }, { uid: true });
  line.troubles.misses.delete(uid);
  // An expunged mail is `false`, or an answer without source.
  const source = found ? found.source : undefined;
  return source === undefined || source.length === 0 ? null : source;
}

async function leftBehind({ host, troubles }: Line, cursor: Cursor, uid: number, at: string | null): Promise<null> {
  troubles.misses.delete(uid);
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
