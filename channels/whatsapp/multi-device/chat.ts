import { extractAddressingContext, isLidUser, isPnUser, jidDecode } from '@whiskeysockets/baileys';
import type { Identity } from '#shared/people.ts';
import { canonicalPhone } from '../phone-number.ts';

/** The customer at the other end of a direct chat. */
export interface Chat {
  /**
   * Where answers go, without device: the LID as soon as it is known, which is the network's own choice, else the number.
   * The same for both forms of a person, so that rules about "the same customer" hold.
   */
  address: string;
  /** Digits of the number and of the LID, as far as they are known. */
  number: string | null;
  lid: string | null;
}

/** Reads the other half of a person out of the mappings that the network has told. Digits only; null when unknown. */
export interface Mappings {
  lidOf(number: string): Promise<string | null>;
  numberOf(lid: string): Promise<string | null>;
}

/**
 * Whom a stanza's chat is with. Of a message of our own phone the customer is the recipient, and the stanza's other
 * addresses of the sender are ours. null for anything that is not a direct chat.
 */
export async function chatOf(attrs: Record<string, string>, mine: boolean, mappings: Mappings): Promise<Chat | null> {
  const { senderAlt, recipientAlt } = extractAddressingContext({ tag: 'message', attrs });
  const address = mine ? attrs.recipient : attrs.from;
  return await chatWith(address, mine ? recipientAlt : senderAlt, mappings);
}

/** The chat with an address, and with its other form when that is known. */
export async function chatWith(
  address: string | undefined | null,
  other: string | undefined | null,
  mappings: Mappings,
): Promise<Chat | null> {
  const user = jidDecode(address ?? undefined)?.user;
  if (user === undefined) return null;
  const beside = jidDecode(other ?? undefined)?.user ?? null;
  if (isLidUser(address ?? undefined)) {
    const number = isPnUser(other ?? undefined) ? beside : await mappings.numberOf(user);
    return chatAt(number, user);
  }
  if (!isPnUser(address ?? undefined)) return null;
  const lid = isLidUser(other ?? undefined) ? beside : await mappings.lidOf(user);
  return chatAt(user, lid);
}

function chatAt(number: string | null, lid: string | null): Chat {
  return { address: lid === null ? `${number}@s.whatsapp.net` : `${lid}@lid`, number, lid };
}

/** What one open ticket hangs on: the chat with this person. */
export function conversationOf({ address }: Chat): string {
  return address;
}

/** What proves the person. A LID is never a phone. */
export function identitiesOf({ number, lid }: Pick<Chat, 'number' | 'lid'>): Identity[] {
  const phone: Identity[] = number === null ? [] : [{ kind: 'phone', value: canonicalPhone(number) }];
  return lid === null ? phone : [...phone, { kind: 'whatsapp-lid', value: lid }];
}
