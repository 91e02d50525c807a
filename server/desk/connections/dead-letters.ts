import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { DeskError } from '../../errors.ts';
import * as input from '../input.ts';
import { act, look, order } from '../verb.ts';
import * as views from '../views.ts';
import { told } from './orders.ts';

const letter = z.object({
  id: z.string(),
  key: z.string(),
  at: z.string(),
  reason: z.string(),
  tries: z.number(),
  /** What it is, as far as it was understood. */
  type: z.nullable(z.string()),
});

/** What a channel brought and the desk could not take, newest first. */
export const listDeadLetters = look({
  name: 'dead-letter.list',
  action: 'channel.manage',
  input: z.strictObject({
    channelId: input.id,
    before: z.exactOptional(input.id),
    limit: input.limit(limits.pageDefault),
  }),
  output: views.page(letter),
  async run({ store }, _by, { channelId, before, limit }) {
    const rows = await store.deadLetters.page(channelId, before ?? null, limit + 1);
    const shown = rows.slice(0, limit);
    const items = shown.map(({ id, key, at, reason, tries, event }) => ({
      id,
      key,
      at,
      reason,
      tries,
      type: typeOf(event),
    }));
    return { items, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  },
});

/** Tries to take it once more: it is gone when that works. Refuses: dead-letter.not-found, channel.trouble. */
export const reprocessDeadLetter = order({
  name: 'dead-letter.reprocess',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id, letterId: input.id }),
  output: z.object({ taken: z.boolean() }),
  async run({ store, lines }, _by, { channelId, letterId }) {
    const found = await store.deadLetters.byId(letterId);
    if (found?.channelId !== channelId) throw new DeskError('dead-letter.not-found');
    const taken = await told(() => lines.retake(channelId, found.event, found.raw));
    if (taken) await store.deadLetters.remove(letterId);
    return { taken };
  },
});

/** Throws it away for good. Refuses: dead-letter.not-found. */
export const discardDeadLetter = act({
  name: 'dead-letter.discard',
  action: 'channel.manage',
  input: z.strictObject({ channelId: input.id, letterId: input.id }),
  output: views.ok,
  async run({ records }, _by, { channelId, letterId }) {
    const found = await records.deadLetters.byId(letterId);
    if (found?.channelId !== channelId) throw new DeskError('dead-letter.not-found');
    await records.deadLetters.remove(letterId);
    return { ok: true as const };
  },
});

function typeOf(event: unknown): string | null {
  return typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : null;
}
