import { unattended } from '#shared/unattended.ts';
import type { Desk } from '../desk/desk.ts';
import type { Media } from '../media/media.ts';

const everyMs = 3_600_000;
const keptMs = 24 * 3_600_000;

/** Removes files that no message has named for a day, every hour. Answers how to stop it. */
export function startSweep(media: Media, anyDesk: () => Promise<Desk | null>): () => void {
  async function sweep(): Promise<void> {
    const desk = await anyDesk();
    if (desk !== null) await media.sweep(desk, new Date(Date.parse(desk.now()) - keptMs).toISOString());
  }
  const timer = setInterval(() => unattended(sweep(), 'sweep of files'), everyMs);
  return () => clearInterval(timer);
}
