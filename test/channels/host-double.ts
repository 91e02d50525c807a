import { createHash } from 'node:crypto';
import type { ChannelEvent, ChannelHost, TranscriptLine } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';

type Inbound = Extract<ChannelEvent, { type: 'message' }>;
type Receipt = Extract<ChannelEvent, { type: 'receipt' }>;

/**
 * Test double of the desk as one channel sees it: keeps all in memory, keeps to the contract of ChannelHost,
 * and can be held or made to fail. Not the desk: tickets, rights and storage are tested on the real one.
 */
export class HostDouble implements ChannelHost {
  readonly channelId = '0123456789abcdef01234567';
  readonly messages: (Inbound & { id: string })[] = [];
  readonly receipts: Receipt[] = [];
  readonly connections: Connection[] = [];
  readonly logged: string[] = [];
  readonly stored = new Map<string, Uint8Array>();
  private readonly spoken: (TranscriptLine & { conversation: string })[] = [];
  private count = 0;
  private gate: Promise<void> | null = null;
  private broken = false;

  /** Until the answer is called, `receive` of messages stays pending. */
  hold(): () => void {
    let open: () => void = () => undefined;
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.gate = null;
      open();
    };
  }

  /** While broken, `receive` rejects as it does when nothing could be stored. */
  breakDown(broken: boolean): void {
    this.broken = broken;
  }

  /** Ids rise with time, as the real ones do. */
  nextId(): string {
    this.count += 1;
    return this.count.toString(16).padStart(24, '0');
  }

  /** Something that the desk says, as it stands in the transcript before it is sent. */
  says(conversation: string, text: string): TranscriptLine {
    const line = {
      id: this.nextId(),
      at: new Date().toISOString(),
      key: null,
      from: 'desk' as const,
      name: 'Lia',
      text,
    };
    this.spoken.push({ ...line, conversation });
    return line;
  }

  async receive(event: ChannelEvent): Promise<'stored' | 'known'> {
    if (event.type === 'connection') {
      this.connections.push(event.connection);
      return 'stored';
    }
    await this.gate;
    if (this.broken) throw new Error('the database does not answer');
    if (event.type === 'receipt') {
      this.receipts.push(event);
      return 'stored';
    }
    if (this.messages.some(({ key }) => key === event.key)) return 'known';
    const message = { ...event, id: this.nextId() };
    this.messages.push(message);
    const { id, at, conversation, content } = message;
    this.spoken.push({
      id,
      at,
      key: event.key,
      from: 'customer',
      name: event.from.name,
      text: content.text,
      conversation,
    });
    return 'stored';
  }

  async transcript(conversation: string, after: string | null, limit: number): Promise<TranscriptLine[]> {
    const lines = this.spoken
      .filter((line) => line.conversation === conversation && (after === null || line.id > after))
      .map(({ conversation: _its, ...line }) => line);
    return after === null ? lines.slice(-limit) : lines.slice(0, limit);
  }

  readonly session: ChannelHost['session'] = {
    set: async (changes) => {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) this.stored.delete(key);
        else this.stored.set(key, value);
      }
    },
    list: async (prefix, limit) =>
      [...this.stored]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([key, value]) => ({ key, value })),
  };

  log(line: string, about: Record<string, unknown> = {}): void {
    this.logged.push(`${line} ${JSON.stringify(about)}`);
  }
}

/** How a visitor's token is known to the desk. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
