import type { Carries } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import type { Attachment } from '#shared/message.ts';

/** A file on its way into a reply. */
export interface Attaching {
  key: string;
  name: string;
  bytes: number;
  /** From 0 to 1. */
  progress: number;
  /** What the server made of it; null until it is there. */
  attachment: Attachment | null;
  /** Why it did not get there; null while it goes or once it is there. */
  why: string | null;
  /** Nobody answered: it is tried again by itself once there is a connection. */
  unanswered: boolean;
  /** It was recorded here: taking it out is asked about first. */
  voice: boolean;
}

/** An uploaded file as it stands in a draft. */
export function attachedOf(attachment: Attachment): Attaching {
  const { id, name, bytes, kind } = attachment;
  return { key: id, name, bytes, progress: 1, attachment, why: null, unanswered: false, voice: kind === 'voice' };
}

/** Whether a reply may go: nothing is still on its way or stuck. */
export function isReady(files: readonly Attaching[]): boolean {
  return files.every(({ attachment }) => attachment !== null);
}

/** The list with one file changed; a file that was taken out meanwhile stays out. */
export function withChange(files: readonly Attaching[], key: string, change: Partial<Attaching>): Attaching[] {
  return files.map((file) => (file.key === key ? { ...file, ...change } : file));
}

/** The largest file that a network and the desk both take. */
export const mostBytes = ({ bytes }: Carries): number => Math.min(bytes, limits.fileBytes);

/** How many messages the customer gets: one a file where the network carries only one. */
export function messagesFor(files: number, most: number): number {
  return files <= 1 || most === 0 ? 1 : Math.ceil(files / most);
}
