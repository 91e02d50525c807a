import { type BinaryNode, getBinaryNodeChild, jidDecode } from '@whiskeysockets/baileys';

/** A node of WhatsApp's binary XML. */
export function node(tag: string, attrs: Record<string, string>, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

/** Big-endian number of any length. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Content of a child node as bytes; throws when there is none. */
export function bytesOf(parent: BinaryNode | undefined, tag: string): Buffer {
  const content = getBinaryNodeChild(parent, tag)?.content;
  if (typeof content === 'string') return Buffer.from(content);
  if (content instanceof Uint8Array) return Buffer.from(content);
  throw new Error(`node without bytes in ${tag}`);
}

/** First child node, whatever its name. */
export function firstChild(parent: BinaryNode): BinaryNode | undefined {
  return Array.isArray(parent.content) ? parent.content[0] : undefined;
}

/** The user part of a JID. */
export function userOf(jid: string | undefined): string {
  const user = jidDecode(jid)?.user;
  if (user === undefined) throw new Error('not a JID');
  return user;
}

/** Seconds since 1970, as stanzas carry them. */
export function seconds(): string {
  return String(Math.floor(Date.now() / 1000));
}
