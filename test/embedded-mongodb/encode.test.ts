import { deserialize } from 'bson';
import { expect, it } from 'vitest';
import { decode } from '#embedded-mongodb/bson/decode.ts';
import { encode } from '#embedded-mongodb/bson/encode.ts';
import { type Doc, doc, RawDoc } from '#embedded-mongodb/bson/values.ts';

/** Makes the encoder begin again with its smallest scratch. */
function shrink(): void {
  encode(doc({ large: 'x'.repeat(5_000_000) }));
}

it('writes documents whole however often its scratch grows', () => {
  for (const size of [1_000, 40_000, 262_000, 262_130, 262_144, 300_000, 600_000, 1_500_000]) {
    shrink();
    const text = 'x'.repeat(size);
    const inner: Doc = doc({ a: 1, texts: [text, text, doc({ deep: text })], after: true });
    const whole = doc({ before: 'b', inner, list: [inner, 5, text], end: null });
    const bytes = encode(whole);
    expect(encode(decode(bytes)).equals(bytes)).toBe(true);
    const plain = deserialize(bytes);
    expect([plain.before, plain.list[1], plain.end, plain.inner.after]).toEqual(['b', 5, null, true]);
  }
});

it('writes batches of stored documents whole', () => {
  const stored = encode(doc({ _id: 1, text: 'x'.repeat(700) }));
  for (const count of [1, 100, 360, 361, 362, 363, 364, 365, 1_000, 4_000]) {
    shrink();
    const batch = Array.from({ length: count }, () => new RawDoc(stored));
    const reply = deserialize(encode(doc({ cursor: doc({ nextBatch: batch, id: 0n, ns: 'a.b' }), ok: 1 })));
    expect(reply.cursor.nextBatch).toHaveLength(count);
    expect(reply.cursor.nextBatch.at(-1)).toEqual({ _id: 1, text: 'x'.repeat(700) });
  }
});
