import type { ChannelHost } from '../channel.ts';

/** How far a mailbox was read. UIDs mean something only under their UIDVALIDITY (RFC 3501 2.3.1.1). */
export interface Cursor {
  /** Which folder of which account: another one is read from its own beginning. */
  of: string;
  uidValidity: string;
  lastUid: number;
  /** Up to this UID mails may have been read under another UIDVALIDITY: only those since `since` are ours. */
  rescanTo: number;
  /** ISO; when the channel began to read. */
  since: string;
}

const name = 'cursor';

type Session = Pick<ChannelHost, 'session'>;

/** Where reading stands; null before the first time. */
export async function readCursor({ session }: Session): Promise<Cursor | null> {
  const { [name]: value } = await session.get([name]);
  if (value === undefined) return null;
  const { of, uidValidity, lastUid, rescanTo, since }: Record<string, unknown> = JSON.parse(
    new TextDecoder().decode(value),
  );
  if (typeof uidValidity !== 'string' || typeof lastUid !== 'number') return null;
  if (typeof rescanTo !== 'number' || typeof since !== 'string' || typeof of !== 'string') return null;
  return { of, uidValidity, lastUid, rescanTo, since };
}

export async function writeCursor({ session }: Session, cursor: Cursor): Promise<void> {
  await session.set({ [name]: new TextEncoder().encode(JSON.stringify(cursor)) });
}
