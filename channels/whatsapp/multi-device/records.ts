import { type AuthenticationCreds, BufferJSON } from '@whiskeysockets/baileys';
import type { ChannelHost } from '../../channel.ts';

/** Format of the records that this build writes; another one is not read. */
const format = 1;

/** Names of the channel's session records. */
export const recordOf = {
  creds: 'creds',
  key: (type: string, id: string) => `key/${type}/${id}`,
  keys: 'key/',
  /** Journal: rows that wait for the desk, in order. */
  open: 'key/open/',
  /** What was sent, by the network's id, as the bytes of its proto. */
  sent: (externalId: string) => `sent/${externalId}`,
  sents: 'sent/',
};

/** The device's own secrets. `loggedOut`: the phone threw this device out; it never connects again. */
export interface Linked {
  creds: AuthenticationCreds;
  loggedOut?: { at: string; reason: string };
}

/** Bytes of any value of Baileys: plain JSON would turn its buffers into objects. */
export function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, BufferJSON.replacer));
}

/** The value of bytes that `encode` made. */
export function decode(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes), BufferJSON.reviver);
}

export function encodeLinked(linked: Linked): Uint8Array {
  return encode({ format, ...linked });
}

/** The linked device, or null when none was ever linked. Throws for a format of another build. */
export async function readLinked(session: ChannelHost['session']): Promise<Linked | null> {
  const bytes = (await session.get([recordOf.creds]))[recordOf.creds];
  if (bytes === undefined) return null;
  const kept = decode(bytes) as Linked & { format: number };
  if (kept.format !== format) throw new Error('session records of another format');
  return kept;
}

const eraseAtOnce = 500;

/** Removes everything that belongs to a linked device. */
export async function eraseLinked(session: ChannelHost['session']): Promise<void> {
  await session.set({ [recordOf.creds]: null });
  for (const prefix of [recordOf.keys, recordOf.sents]) {
    for (;;) {
      const records = await session.list(prefix, eraseAtOnce);
      if (records.length === 0) break;
      await session.set(Object.fromEntries(records.map(({ key }) => [key, null])));
    }
  }
}
