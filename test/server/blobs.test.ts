import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BlobGone, type Blobs } from '#server/blobs/blobs.ts';
import { diskBlobs } from '#server/blobs/disk.ts';
import { gridFsBlobs } from '#server/blobs/gridfs.ts';
import { testDatabase } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'balcao-blobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const connection = await testDatabase();
const stores: [string, Blobs, () => Promise<number>][] = [
  [
    'disk',
    diskBlobs(folder),
    async () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length,
  ],
  [
    'the database',
    gridFsBlobs(connection),
    async () => (await connection.db?.collection('blobs.chunks').countDocuments()) ?? 0,
  ],
];

// Two chunks of GridFS, with every byte telling its place.
const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));

async function* inParts(whole: Buffer, size = 10_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function whole(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

describe.each(stores)('blobs on %s', (_where, blobs, left) => {
  const name = 'a'.repeat(24);

  it('come back whole and in parts', async () => {
    await blobs.write(name, inParts(bytes));
    expect((await whole(blobs.read(name))).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 0],
      [261_119, 261_121],
      [299_990, 299_999],
    ] as const) {
      expect(await whole(blobs.read(name, { start, end }))).toEqual(bytes.subarray(start, end + 1));
    }
  });
  it('are gone when they were removed, and removing again is no fault', async () => {
    await blobs.remove(name);
    await blobs.remove(name);
    await expect(whole(blobs.read(name))).rejects.toBeInstanceOf(BlobGone);
    expect(await left()).toBe(0);
  });
  it('are not there when their bytes broke off', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield* inParts(bytes);
      throw new Error('the customer hung up');
    }
    await expect(blobs.write(name, broken())).rejects.toThrow('hung up');
    await expect(whole(blobs.read(name))).rejects.toBeInstanceOf(BlobGone);
    expect(await left()).toBe(0);
  });
});
