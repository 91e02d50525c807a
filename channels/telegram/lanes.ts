import { chatOf, type WireUpdate } from './wire.ts';

/** Chats that are worked on at the same time. */
const lanesMost = 8;

/**
 * Takes a batch: the updates of one chat one after another, several chats beside each other. Rejects with the first
 * failure, after which nothing is begun any more; resolves when all were taken.
 */
export async function takeInLanes(updates: WireUpdate[], take: (update: WireUpdate) => Promise<void>): Promise<void> {
  const lanes = new Map<number | null, WireUpdate[]>();
  for (const update of updates) {
    const chat = chatOf(update)?.id ?? null;
    lanes.set(chat, [...(lanes.get(chat) ?? []), update]);
  }
  const waiting = [...lanes.values()];
  let failure: { error: unknown } | null = null;
  async function work(): Promise<void> {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      for (const update of lane) {
        if (failure !== null) return;
        await take(update).catch((error: unknown) => {
          failure ??= { error };
        });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanesMost, waiting.length) }, work));
  rethrow(failure);
}

function rethrow(failure: { error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
