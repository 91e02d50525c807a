/**
 * Where a message goes: a chat, perhaps a topic in it, perhaps on behalf of a business account. Written
 * `chat[@connection][/topic]`, which is also what one open ticket hangs on.
 */
export interface Address {
  chat: number;
  topic: number | null;
  connection: string | null;
}

/** A message where it stands: ids of messages count per chat, so the chat belongs to the name. */
export interface Place {
  chat: number;
  connection: string | null;
  message: number;
}

const addressShape = /^(-?\d{1,16})(?:@([\w-]+))?(?:\/(\d{1,16}))?$/;
const placeShape = /^(-?\d{1,16})(?:@([\w-]+))?:(\d{1,16})$/;

export function addressText({ chat, topic, connection }: Address): string {
  return `${chat}${connection === null ? '' : `@${connection}`}${topic === null ? '' : `/${topic}`}`;
}

/** null when it is not an address of ours. */
export function addressOf(text: string): Address | null {
  const [, chat, connection, topic] = addressShape.exec(text) ?? [];
  if (chat === undefined) return null;
  return { chat: Number(chat), connection: connection ?? null, topic: topic === undefined ? null : Number(topic) };
}

/** `chat[@connection]:message`, the key of an inbound message and the id of every one. */
export function placeText({ chat, connection, message }: Place): string {
  return `${chat}${connection === null ? '' : `@${connection}`}:${message}`;
}

/** null when it names no message, as the id of a pressed button does not. */
export function placeOf(text: string): Place | null {
  const [, chat, connection, message] = placeShape.exec(text) ?? [];
  if (chat === undefined) return null;
  return { chat: Number(chat), connection: connection ?? null, message: Number(message) };
}
