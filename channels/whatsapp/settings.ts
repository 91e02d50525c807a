import { ChannelError, type Endpoints } from '../channel.ts';

/** How one WhatsApp number is served. Groups are ignored: there is no other choice yet. */
export interface WhatsAppSettings {
  groups: 'ignore';
  /** Whether customers see that an agent read what they wrote. */
  readReceipts: boolean;
}

const usual = new URL('wss://web.whatsapp.com/ws/chat');

/** Settings as they are kept, with what is left out filled in. Throws ChannelError naming the wrong field. */
export function whatsappSettings(given: unknown): WhatsAppSettings {
  if (given === null || given === undefined) return { groups: 'ignore', readReceipts: true };
  if (typeof given !== 'object' || Array.isArray(given)) throw wrong('config');
  const fields = new Map<string, unknown>(Object.entries(given));
  const groups = fields.get('groups') ?? 'ignore';
  if (groups !== 'ignore') throw wrong('groups');
  const readReceipts = fields.get('readReceipts') ?? true;
  if (typeof readReceipts !== 'boolean') throw wrong('readReceipts');
  return { groups, readReceipts };
}

/**
 * The address of the socket. Baileys verifies neither the certificate chain of the handshake nor the account's
 * signature (`Curve.verify` ignores the outcome), so that only TLS protects the link: anything but wss is refused.
 */
export function socketUrl({ whatsapp, insecure }: Endpoints): URL {
  if (whatsapp === null) return usual;
  if (!URL.canParse(whatsapp)) throw wrong('whatsapp');
  const url = new URL(whatsapp);
  if (url.protocol !== 'wss:' && !(insecure && url.protocol === 'ws:')) throw wrong('whatsapp');
  return url;
}

function wrong(field: string): ChannelError {
  return new ChannelError('refused', 'input.invalid', field);
}
