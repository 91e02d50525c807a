import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { ChannelError, type ChannelHost, type Gesture, type OutboundMessage, type Sent } from '../../channel.ts';
import { type Bucket, composingMs } from '../pace.ts';
import { registeredForms } from '../phone-number.ts';
import type { Tuning } from '../tuning.ts';
import type { Ack } from './acks.ts';
import { compose, editOf } from './compose.ts';
import type { Link } from './link.ts';
import { quietLogger } from './quiet.ts';
import { refusalOf } from './receipts.ts';
import { recordOf } from './records.ts';

/** What sending needs: an open link, the desk, the number's pace. */
export interface OutboundMeans {
  link: Link;
  host: ChannelHost;
  tuning: Tuning;
  bucket: Bucket | null;
}

const keptMs = 14 * 24 * 60 * 60 * 1_000;

/**
 * The id under which the network knows a message of ours: of the same shape as the library's own, and the same at each
 * try, so that the customer's phone shows it once.
 */
export function externalIdOf(channelId: string, messageId: string): string {
  const digest = createHash('sha256').update(`${channelId}:${messageId}`).digest('hex');
  return `3EB0${digest.slice(0, 18).toUpperCase()}`;
}

/** The bytes of a message that we sent in the last fortnight. */
export async function sentBytes(host: ChannelHost, externalId: string): Promise<Uint8Array | null> {
  const name = recordOf.sent(externalId);
  return (await host.session.get([name]))[name] ?? null;
}

/**
 * Sends a message: made once and kept, then relayed under its own id until the server acknowledges it. `sendMessage` of
 * the library resolves when the frame is written, also when the server refuses it.
 */
export async function deliver(to: string, said: OutboundMessage, means: OutboundMeans): Promise<Sent> {
  const { link, host, tuning } = means;
  const jid = await jidOf(to, link);
  const id = externalIdOf(host.channelId, said.id);
  const { bytes, fresh } = await bytesOf(jid, id, said, means);
  await paced(jid, said, means);
  if (fresh) {
    const expiresAt = new Date(tuning.clock.now() + keptMs).toISOString();
    await host.session.set({ [recordOf.sent(id)]: { value: bytes, expiresAt } });
  }
  await said.claim(id);
  const edit = editOf(said);
  const attributes = edit === null ? {} : { additionalAttributes: { edit } };
  const ack = await relayed(jid, id, proto.Message.decode(bytes), attributes, means);
  if (ack === null) throw new ChannelError('temporary', 'whatsapp.no-answer');
  if (!ack.taken) {
    const { code, permanent } = refusalOf(ack.code);
    throw new ChannelError(permanent ? 'refused' : 'temporary', code);
  }
  return { externalId: id };
}

/** Reactions, read marks and "typing…"; may be lost. */
export async function gesture(to: string, made: Gesture, { link }: OutboundMeans): Promise<void> {
  const { socket } = link;
  if (made.type === 'typing') await socket.sendPresenceUpdate(made.on ? 'composing' : 'paused', to);
  else if (made.type === 'read') {
    const keys = made.targets
      .filter(({ mine }) => !mine)
      .map(({ externalId: id }) => ({ remoteJid: to, id, fromMe: false }));
    if (keys.length > 0) await socket.readMessages(keys);
  } else {
    const { externalId: id, mine } = made.target;
    const key = { remoteJid: to, fromMe: mine, id };
    const reactionMessage = { key, text: made.emoji ?? '', senderTimestampMs: Date.now() };
    await socket.relayMessage(to, { reactionMessage }, {});
  }
}

/** An address that was seen, or for a first contact the one under which a phone number is registered. */
async function jidOf(to: string, link: Link): Promise<string> {
  if (to.includes('@')) return to;
  const found = await link.reached(() => link.socket.onWhatsApp(...registeredForms(to)));
  const jid = found?.find(({ exists }) => exists)?.jid;
  if (jid === undefined) throw new ChannelError('refused', 'whatsapp.not-registered');
  return jid;
}

async function bytesOf(jid: string, id: string, said: OutboundMessage, { link, host }: OutboundMeans) {
  const kept = await sentBytes(host, id);
  if (kept !== null) return { bytes: kept, fresh: false };
  const { socket } = link;
  const logger = quietLogger((line, about) => host.log(line, about));
  const me = link.keys.creds.me?.id ?? '';
  const { message } = await compose(jid, id, said, { me, media: host.media, upload: socket.waUploadToServer, logger });
  return { bytes: proto.Message.encode(message).finish(), fresh: true };
}

async function paced(jid: string, said: OutboundMessage, { link, host, tuning, bucket }: OutboundMeans): Promise<void> {
  const { pace, clock } = tuning;
  if (bucket === null || pace === null) return;
  await bucket.take(host.signal);
  if (said.changes !== undefined) return;
  await link.socket.sendPresenceUpdate('composing', jid).catch(() => undefined);
  await clock.sleep(composingMs(pace, Math.random()), host.signal);
}

async function relayed(
  jid: string,
  id: string,
  message: proto.Message,
  attributes: object,
  { link, tuning }: OutboundMeans,
): Promise<Ack | null> {
  const ack = link.acks.expect(id);
  const patience = new AbortController();
  try {
    await link.reached(() => link.socket.relayMessage(jid, message, { messageId: id, ...attributes }));
    const silence = tuning.clock.sleep(tuning.ackMs, patience.signal).then(() => null);
    return await Promise.race([ack, silence]);
  } finally {
    patience.abort();
    link.acks.forget(id);
  }
}
