import { type BaileysEventMap, proto } from '@whiskeysockets/baileys';
import type { ChannelEvent } from '../../channel.ts';

type Receipt = Extract<ChannelEvent, { type: 'receipt' }>;

const { ERROR, SERVER_ACK, DELIVERY_ACK, READ, PLAYED } = proto.WebMessageInfo.Status;

/** How the desk says what became of a message; null: no news. */
function stateOf(status: number | null | undefined): Receipt['status'] | null {
  if (status === ERROR) return 'failed';
  if (status === SERVER_ACK) return 'sent';
  if (status === DELIVERY_ACK) return 'delivered';
  return status === READ || status === PLAYED ? 'read' : null;
}

/** The receipt of one of our own messages, out of either event of the library that tells it; null: no news. */
export function receiptOf(
  key: { fromMe?: boolean | null; id?: string | null },
  update: { status?: number | null; messageStubParameters?: string[] | null; messageTimestamp?: unknown },
): Receipt | null {
  const status = stateOf(update.status);
  if (status === null || key.fromMe !== true || !key.id) return null;
  const ms = Number(update.messageTimestamp ?? 0) * 1_000;
  const at = new Date(ms > 0 && Number.isFinite(ms) ? ms : Date.now()).toISOString();
  if (status !== 'failed') return { type: 'receipt', externalId: key.id, status, at };
  const error = refusalOf(update.messageStubParameters?.[0] ?? '');
  return { type: 'receipt', externalId: key.id, status, at, error };
}

/**
 * What the server's error to a message means. 463 is a restricted account, whose tries make it worse; other errors below
 * 500 are about this message.
 */
export function refusalOf(code: string): { code: string; permanent: boolean } {
  if (code === '463') return { code: 'whatsapp.restricted', permanent: true };
  if (Number(code) >= 500) return { code: 'whatsapp.unavailable', permanent: false };
  return { code: 'whatsapp.rejected', permanent: true };
}

/** Receipts in a batch of updates, in order. */
export function receiptsOf(updates: BaileysEventMap['messages.update']): Receipt[] {
  return updates.flatMap(({ key, update }) => receiptOf(key, update) ?? []);
}
