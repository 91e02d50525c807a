import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files that the library makes while it seals an upload (Utils/messages-media.js). */
const left = /^(image|video|audio|document|sticker)3EB0[0-9A-F]{18,}-(enc|original)$/;
const oldMs = 60 * 60 * 1_000;

/** Removes what a process that ended in the middle of an upload left behind: files of customers do not stay in /tmp. */
export async function sweepUploads(folder = tmpdir(), now = Date.now()): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!left.test(name)) continue;
    const path = join(folder, name);
    const about = await stat(path).catch(() => null);
    if (about !== null && now - about.mtimeMs > oldMs) await rm(path, { force: true });
  }
}
