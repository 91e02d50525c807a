import { randomBytes } from 'node:crypto';
import {
  aesEncryptGCM,
  type BinaryNode,
  getBinaryNodeChild,
  hkdf,
  proto,
  S_WHATSAPP_NET,
} from '@whiskeysockets/baileys';
import type { SealedMedia } from './media-server.ts';
import { node, seconds } from './nodes.ts';

const { SUCCESS } = proto.MediaRetryNotification.ResultType;

/**
 * What the server says after a device asked for a file that is gone: where the phone has uploaded it again, or that the
 * phone does not have it (`again` absent).
 */
export function mediaRetry(asked: BinaryNode, again: SealedMedia | undefined): BinaryNode {
  const { id = '' } = asked.attrs;
  const about = getBinaryNodeChild(asked, 'rmr') ?? node('rmr', {});
  const attrs = { id, type: 'mediaretry', from: S_WHATSAPP_NET, t: seconds() };
  if (again === undefined) return node('notification', attrs, [about, node('error', { code: '2' })]);
  const found: proto.IMediaRetryNotification = { stanzaId: id, directPath: again.directPath, result: SUCCESS };
  const key = hkdf(again.mediaKey, 32, { info: 'WhatsApp Media Retry Notification' });
  const iv = randomBytes(12);
  const bytes = proto.MediaRetryNotification.encode(found).finish();
  const sealed = aesEncryptGCM(bytes, Buffer.from(key), iv, Buffer.from(id));
  const parts = [node('enc_p', {}, sealed), node('enc_iv', {}, iv)];
  return node('notification', attrs, [about, node('encrypt', {}, parts)]);
}
