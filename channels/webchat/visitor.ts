import type { ChatLine } from '#shared/live.ts';
import { unattended } from '#shared/unattended.ts';
import type { ChannelHost, TranscriptLine } from '../channel.ts';
import { type Peer, Refused } from '../sockets.ts';
import type { Underway } from '../support/underway.ts';
import { afterOf, saidOf, upToOf } from './input.ts';
import type { Limiter } from './limiter.ts';
import type { Receipts } from './receipts.ts';

/** What all visitors of one web chat share. */
export interface Room {
  /** Throws Refused `channel.inactive` when the channel is off. */
  host(): ChannelHost;
  /** Shows a line to every window of the visitor. */
  show(visitor: string, line: ChatLine): void;
  work: Underway;
  receipts: Receipts;
  /** How often a visitor may say something. */
  says: Limiter;
  /** How often a visitor may ask. */
  asks: Limiter;
  /** What a visitor without a name is called, followed by the beginning of their identity. */
  nameless: string;
}

/** Lines in one answer of `transcript`. */
const pageLines = 100;

/** The handlers of one visitor, known by the hash of their token. */
export function visitorPeer(room: Room, visitor: string): Peer {
  const handlers: Peer['handlers'] = { say, transcript, seen };

  async function say(input: unknown): Promise<ChatLine> {
    const { key, text, name } = saidOf(input);
    if (!room.says(visitor)) throw new Refused('rate.limited');
    const host = room.host();
    const providerKey = `${visitor}:${key}`;
    await host.receive({
      type: 'message',
      key: providerKey,
      externalId: providerKey,
      conversation: visitor,
      from: {
        identities: [{ kind: 'webchat', value: visitor }],
        name: name === '' ? `${room.nameless} ${visitor.slice(0, 4)}` : name,
        address: visitor,
      },
      at: new Date().toISOString(),
      content: { text },
    });
    const line = await storedLine(host, visitor, providerKey);
    room.show(visitor, line);
    return line;
  }

  async function transcript(input: unknown): Promise<{ lines: ChatLine[]; more: boolean }> {
    const after = afterOf(input);
    if (!room.asks(visitor)) throw new Refused('rate.limited');
    const lines = await room.host().transcript(visitor, after, pageLines);
    unattended(
      room.work.run(() => room.receipts.tell(visitor, lines, 'delivered')),
      'receipts of a web chat',
    );
    // The newest page has nothing after it; a full page after a line may.
    return { lines: lines.map(chatLine), more: after !== null && lines.length === pageLines };
  }

  async function seen(input: unknown): Promise<null> {
    const upTo = upToOf(input);
    if (!room.asks(visitor)) throw new Refused('rate.limited');
    let after = room.receipts.last(visitor, 'read');
    for (;;) {
      const lines = await room.host().transcript(visitor, after, pageLines);
      const now = lines.filter(({ id }) => id <= upTo);
      await room.receipts.tell(visitor, now, 'read');
      const last = now.at(-1)?.id;
      if (last === undefined || after === null || now.length < pageLines) return null;
      after = last;
    }
  }

  return {
    group: visitor,
    handlers: Object.fromEntries(
      Object.entries(handlers).map(([name, handle]) => [name, (input: unknown) => room.work.run(() => handle(input))]),
    ),
  };
}

/** The line that was just stored or, for a repeated message, had been stored: looked for in the newest page, then from the beginning. */
async function storedLine(host: ChannelHost, visitor: string, key: string): Promise<ChatLine> {
  let lines = await host.transcript(visitor, null, pageLines);
  let after = '0'.repeat(24);
  for (;;) {
    const line = lines.find((one) => one.key === key);
    if (line !== undefined) return chatLine(line);
    lines = await host.transcript(visitor, after, pageLines);
    const last = lines.at(-1);
    if (last === undefined) throw new Error('a stored message of a visitor is not in their transcript');
    after = last.id;
  }
}

function chatLine({ id, at, from, name, text }: TranscriptLine): ChatLine {
  return { id, at, from: from === 'desk' ? 'desk' : 'visitor', name, text };
}
