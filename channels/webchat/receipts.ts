import type { ChannelHost, TranscriptLine } from '../channel.ts';

type Status = 'delivered' | 'read';

/** Tells the desk how far each visitor has got. */
export interface Receipts {
  /** These lines are at the visitor's: one receipt for each of the desk's, told once. */
  tell(visitor: string, lines: TranscriptLine[], status: Status): Promise<void>;
  /** The last line for which this was told; null when none is remembered. */
  last(visitor: string, status: Status): string | null;
}

/** Visitors whose progress is remembered; for others old receipts are told again, which changes nothing. */
const rememberedMost = 10_000;

/** Receipts of one web chat. `host` throws when the channel is off. */
export function receiptsOf(host: () => ChannelHost): Receipts {
  const told = new Map<string, Partial<Record<Status, string>>>();

  function remember(visitor: string, status: Status, id: string): void {
    const before = told.get(visitor);
    told.delete(visitor);
    told.set(visitor, { ...before, [status]: id });
    const oldest = told.keys().next();
    if (told.size > rememberedMost && oldest.done !== true) told.delete(oldest.value);
  }

  return {
    async tell(visitor, lines, status) {
      for (const { id, from } of lines) {
        if (id <= (told.get(visitor)?.[status] ?? '')) continue;
        if (from === 'desk') {
          await host().receive({ type: 'receipt', externalId: id, status, at: new Date().toISOString() });
        }
        remember(visitor, status, id);
      }
    },
    last: (visitor, status) => told.get(visitor)?.[status] ?? null,
  };
}
