import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobGone, type Blobs } from './blobs.ts';

/** Blobs as files under one folder, readable by their owner only. A crash leaves at most a `.part` file, never half a blob. */
export function diskBlobs(folder: string): Blobs {
  // The last digits of an id count up, so they spread files evenly over 256 folders.
  const pathOf = (name: string): string => join(folder, name.replace(/\..*$/, '').slice(-2), name);

  return {
    async write(name, bytes) {
      const path = pathOf(name);
      const part = `${path}.part`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(part, 'w', 0o600);
      try {
        for await (const chunk of bytes) await file.writeFile(chunk);
        await file.sync();
      } catch (error) {
        await file.close();
        await rm(part, { force: true });
        throw error;
      }
      await file.close();
      await rename(part, path);
      await syncFolder(dirname(path));
    },
    async *read(name, range) {
      try {
        for await (const chunk of createReadStream(pathOf(name), range ?? {})) yield chunk as Uint8Array;
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new BlobGone(name) : error;
      }
    },
    async remove(name) {
      await rm(pathOf(name), { force: true });
    },
  };
}

/** A renamed file is only there for good once its folder has been written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
