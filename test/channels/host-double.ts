import { createHash } from 'node:crypto';
import {
  ChannelError,
  type ChannelEvent,
  type ChannelHost,
  type MediaAbout,
  type MessageEvent,
  type OutboundMessage,
  type TranscriptLine,
} from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import type { Attachment, Content } from '#shared/message.ts';

type Of<T extends ChannelEvent['type']> = Extract<ChannelEvent, { type: T }>;

/** What outlives one owner: the same for every double made by `next`. */
class Kept {
  readonly messages: (MessageEvent & { id: string })[] = [];
  readonly session = new Map<string, Uint8Array>();
  readonly files = new Map<string, { about: Attachment; bytes: Buffer }>();
  readonly spoken: (TranscriptLine & { conversation: string })[] = [];
  readonly sent = new Map<string, Content>();
  accountsTaken = false;
  count = 0;
}

/**
 * Test double of the desk as one channel sees it: keeps all in memory, keeps to the contract of ChannelHost,
 * and can be held or made to lose its lease. Not the desk: tickets, rights and storage are tested on the real one.
 */
export class HostDouble implements ChannelHost {
  readonly channelId = '0123456789abcdef01234567';
  readonly receipts: Of<'receipt'>[] = [];
  readonly changes: Of<'change'>[] = [];
  readonly reactions: Of<'reaction'>[] = [];
  readonly identities: Of<'identity'>[] = [];
  readonly typings: Of<'typing'>[] = [];
  readonly unreadable: Of<'unreadable'>[] = [];
  readonly connections: Connection[] = [];
  readonly accounts: string[] = [];
  readonly logged: string[] = [];
  /** Session writes in their order, by keys. */
  readonly writes: string[][] = [];
  /** Customers who have sent too many files today. */
  readonly tooMuchOf = new Set<string>();
  /** How often `receive` rejected. */
  refusals = 0;
  private readonly kept: Kept;
  private readonly lease = new AbortController();
  private gate: Promise<void> | null = null;
  private sessionGate: Promise<void> | null = null;

  constructor(kept = new Kept()) {
    this.kept = kept;
  }

  get signal(): AbortSignal {
    return this.lease.signal;
  }
  get messages() {
    return this.kept.messages;
  }
  get stored() {
    return this.kept.session;
  }
  get files() {
    return this.kept.files;
  }

  /** The next owner of the same channel: all that was kept, a fresh lease. */
  next(): HostDouble {
    return new HostDouble(this.kept);
  }

  /** Until the answer is called, `receive` of everything but connections stays pending. */
  hold(): () => void {
    const { promise, open } = gate();
    this.gate = promise;
    return () => {
      this.gate = null;
      open();
    };
  }

  /** Until the answer is called, `session.set` stays pending. */
  holdSession(): () => void {
    const { promise, open } = gate();
    this.sessionGate = promise;
    return () => {
      this.sessionGate = null;
      open();
    };
  }

  /** The lease is lost: `signal` aborts, `receive` and session writes reject from now on. */
  loseLease(): void {
    this.lease.abort(new Error('the lease is lost'));
  }

  /** From now on every account belongs to another channel. */
  takeAccounts(): void {
    this.kept.accountsTaken = true;
  }

  /** Ids rise with time, as the real ones do. */
  nextId(): string {
    this.kept.count += 1;
    return this.kept.count.toString(16).padStart(24, '0');
  }

  /** Something that the desk says, as it stands in the transcript before it is sent. */
  says(conversation: string, text: string): TranscriptLine {
    const at = new Date().toISOString();
    const line = { id: this.nextId(), at, key: null, from: 'desk' as const, name: 'Lia', text };
    this.kept.spoken.push({ ...line, conversation });
    return line;
  }

  /** A message of the desk, ready for `send`. `claimed` counts the calls of claim and holds what it was given. */
  outbound(conversation: string, content: Content, more: Partial<OutboundMessage> = {}) {
    const { id, at } = this.says(conversation, content.text);
    const claimed: (string | undefined)[] = [];
    const message: OutboundMessage = {
      id,
      at,
      authorName: 'Lia',
      content,
      auto: false,
      mail: {
        subject: 'Re: assunto [#2026-000001]',
        messageId: `t.1.${id}@balcao.example`,
        inReplyTo: null,
        references: [],
        replyToken: null,
        cc: [],
      },
      claim: async (externalId) => {
        if (this.signal.aborted) throw this.signal.reason;
        claimed.push(externalId);
        if (externalId !== undefined) this.kept.sent.set(externalId, content);
      },
      ...more,
    };
    return Object.assign(message, { claimed });
  }

  async receive(event: ChannelEvent): Promise<'stored' | 'known' | 'dead'> {
    if (event.type === 'connection') {
      this.connections.push(event.connection);
      return 'stored';
    }
    if (this.gate !== null) await Promise.race([this.gate, aborted(this.signal)]);
    if (this.signal.aborted) {
      this.refusals += 1;
      throw this.signal.reason;
    }
    switch (event.type) {
      case 'message':
        return this.store(event);
      case 'receipt':
        this.receipts.push(event);
        return 'stored';
      case 'change':
        return once(this.changes, event);
      case 'reaction':
        return once(this.reactions, event);
      case 'identity':
        this.identities.push(event);
        return 'stored';
      case 'typing':
        this.typings.push(event);
        return 'stored';
      case 'unreadable':
        this.unreadable.push(event);
        return 'dead';
    }
  }

  private store(event: MessageEvent): 'stored' | 'known' {
    const before = this.messages.find(({ key }) => key === event.key);
    if (before?.content.missing !== undefined && event.content.missing === undefined) {
      before.content = event.content;
      return 'stored';
    }
    if (before !== undefined) return 'known';
    const message = { ...event, id: this.nextId() };
    this.messages.push(message);
    const { id, at, conversation, content, key, from } = message;
    this.kept.spoken.push({ id, at, key, from: 'customer', name: from.name, text: content.text, conversation });
    return 'stored';
  }

  async own(account: string): Promise<boolean> {
    this.accounts.push(account);
    return !this.kept.accountsTaken;
  }

  async transcript(conversation: string, after: string | null, limit: number): Promise<TranscriptLine[]> {
    const lines = this.kept.spoken
      .filter((line) => line.conversation === conversation && (after === null || line.id > after))
      .map(({ conversation: _its, ...line }) => line);
    return after === null ? lines.slice(-limit) : lines.slice(0, limit);
  }

  readonly session: ChannelHost['session'] = {
    get: async (keys) =>
      Object.fromEntries(
        keys.flatMap((key) => {
          const value = this.stored.get(key);
          return value === undefined ? [] : [[key, value]];
        }),
      ),
    set: async (changes) => {
      if (this.sessionGate !== null) await Promise.race([this.sessionGate, aborted(this.signal)]);
      if (this.signal.aborted) throw this.signal.reason;
      this.writes.push(Object.keys(changes));
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) this.stored.delete(key);
        else this.stored.set(key, value instanceof Uint8Array ? value : value.value);
      }
    },
    list: async (prefix, limit) =>
      [...this.stored]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([key, value]) => ({ key, value })),
  };

  readonly media: ChannelHost['media'] = {
    save: async (bytes, about) => {
      if (about.from !== undefined && this.tooMuchOf.has(about.from)) throw new ChannelError('refused', 'media.quota');
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      const whole = Buffer.concat(parts);
      if (whole.length === 0) throw new ChannelError('refused', 'media.empty');
      return this.file(whole, about);
    },
    open: async (id) => {
      const found = this.files.get(id);
      if (found === undefined) throw new ChannelError('refused', 'media.not-found');
      return { about: found.about, bytes: inParts(found.bytes) };
    },
  };

  /** Puts a file where the desk keeps them. */
  file(bytes: Buffer, { name, mime, kind, seconds }: MediaAbout): Attachment {
    const about: Attachment = {
      id: this.nextId(),
      kind: kind ?? 'file',
      name,
      mime,
      bytes: bytes.length,
      width: null,
      height: null,
      seconds: seconds ?? null,
      thumbnail: false,
    };
    this.files.set(about.id, { about, bytes });
    return about;
  }

  async sentContent(externalId: string): Promise<Content | null> {
    return this.kept.sent.get(externalId) ?? null;
  }

  log(line: string, about: Record<string, unknown> = {}): void {
    this.logged.push(`${line} ${JSON.stringify(about)}`);
  }
}

function gate(): { promise: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Resolves when the lease is lost. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function once<T extends { key: string }>(list: T[], event: T): 'stored' | 'known' {
  if (list.some(({ key }) => key === event.key)) return 'known';
  list.push(event);
  return 'stored';
}

async function* inParts(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384);
}

/** How a visitor's token is known to the desk. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
