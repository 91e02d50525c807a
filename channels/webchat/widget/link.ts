import { io, type Socket } from 'socket.io-client';
import type { Answer, ChatLine, FromVisitor, ToVisitor } from '#shared/live.ts';
import { type Kept, visitorToken } from './storage.ts';

/** The visitor's way to the desk. Each call resolves with null when no answer came: the connection is gone or the desk too slow. */
export interface Link {
  connected(): boolean;
  say(message: { key: string; text: string; name?: string }): Promise<Answer<ChatLine> | null>;
  transcript(after: string | null): Promise<Answer<{ lines: ChatLine[]; more: boolean }> | null>;
  seen(upTo: string): Promise<Answer<null> | null>;
}

/** `unavailable`: the desk does not let visitors in. */
export type LinkState = 'connecting' | 'online' | 'offline' | 'unavailable';

/** What the link tells. */
export interface LinkEvents {
  changed(state: LinkState): void;
  line(line: ChatLine): void;
}

const answerMs = 10_000;
const longestDelayMs = 10_000;
/** A short gap is nobody's business. */
const offlineAfterMs = 1_500;
const refusedRetryMs = 10_000;
const closedRetryMs = 2_000;

/** Opens the link and keeps it open, whatever happens, as long as the page lasts. */
export function openLink(publicId: string, kept: Kept, events: LinkEvents): Link {
  const socket: Socket<ToVisitor, FromVisitor> = io('/webchat', {
    transports: ['websocket'],
    auth: (give) => give({ channel: publicId, token: visitorToken(kept) }),
    reconnectionDelayMax: longestDelayMs,
  });
  keepOpen(socket, events);
  socket.on('line', events.line);
  // The time limit counts for one emit only.
  return {
    connected: () => socket.connected,
    say: (message) => orNull(socket.timeout(answerMs).emitWithAck('say', message)),
    transcript: (after) => orNull(socket.timeout(answerMs).emitWithAck('transcript', { after })),
    seen: (upTo) => orNull(socket.timeout(answerMs).emitWithAck('seen', { upTo })),
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch {
    return null;
  }
}

function keepOpen(socket: Socket<ToVisitor, FromVisitor>, events: LinkEvents): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const gone = () => {
    clearTimeout(timer);
    timer = setTimeout(() => events.changed('offline'), offlineAfterMs);
  };
  socket.on('connect', () => {
    clearTimeout(timer);
    events.changed('online');
  });
  socket.on('disconnect', () => {
    gone();
    // The desk itself closed it, as when it stops: then the library does not try again.
    if (!socket.active) setTimeout(() => socket.connect(), closedRetryMs);
  });
  socket.on('connect_error', () => {
    if (socket.active) return gone();
    // Refused by the desk: switched off, or not quite up again.
    clearTimeout(timer);
    events.changed('unavailable');
    setTimeout(() => socket.connect(), refusedRetryMs);
  });
}
