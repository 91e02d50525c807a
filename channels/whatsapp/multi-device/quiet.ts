import type { ILogger } from '@whiskeysockets/baileys/lib/Utils/logger.js';
import { SessionRecord } from 'libsignal';

/** The parts of a session record that the replaced methods touch (libsignal src/session_record.js). */
interface Entry {
  indexInfo: { closed: number };
}
interface Entries {
  sessions: Record<string, Entry>;
}

const open = -1;
const closedMost = 40;

let silenced = false;

/**
 * Replaces the three methods of libsignal that print whole sessions, private keys included, on the console. They do
 * what they did, without a word.
 */
export function silenceSignal(): void {
  if (silenced) return;
  silenced = true;
  Object.assign(SessionRecord.prototype, {
    closeSession(entry: Entry) {
      if (entry.indexInfo.closed === open) entry.indexInfo.closed = Date.now();
    },
    openSession(entry: Entry) {
      entry.indexInfo.closed = open;
    },
    removeOldSessions(this: Entries) {
      const entries = Object.entries(this.sessions);
      const closed = entries.filter(([, { indexInfo }]) => indexInfo.closed !== open);
      closed.sort(([, a], [, b]) => a.indexInfo.closed - b.indexInfo.closed);
      const surplus = Math.max(0, entries.length - closedMost);
      for (const [key] of closed.slice(0, surplus)) delete this.sessions[key];
    },
  });
}

/** Sentences of the library that say nothing about a fault. */
const expected = [/DISABLING ALL SYNC/, /^USync fetch yielded no results/];

/**
 * A logger that lets only fixed words through: the library's own sentence, with numbers blotted out, and a status code.
 * Objects, stanzas and errors' texts stay inside. `level` keeps the library from writing stanzas into sentences.
 */
export function quietLogger(log: (line: string, about?: Record<string, unknown>) => void): ILogger {
  const pass = (severity: string) => (about: unknown, sentence?: string) => {
    const words = sentence ?? (typeof about === 'string' ? about : null);
    if (words === null || expected.some((pattern) => pattern.test(words))) return;
    log('whatsapp library', { severity, words: blotted(words), ...codeOf(about) });
  };
  const silent = () => undefined;
  const logger: ILogger = {
    level: 'warn',
    child: () => logger,
    trace: silent,
    debug: silent,
    info: silent,
    warn: pass('warn'),
    error: pass('error'),
  };
  return logger;
}

/** Digits of numbers, ids and LIDs, and anything that looks like an address or a key. */
function blotted(words: string): string {
  return words
    .slice(0, 300)
    .replace(/\S*@\S*/g, '…')
    .replace(/\d{5,}/g, '…')
    .replace(/[A-Za-z0-9+/=]{24,}/g, '…')
    .slice(0, 120);
}

function codeOf(about: unknown): { code?: number } {
  if (typeof about !== 'object' || about === null) return {};
  const error: unknown = 'err' in about ? about.err : 'error' in about ? about.error : undefined;
  const output: unknown = typeof error === 'object' && error !== null && 'output' in error ? error.output : undefined;
  const code = typeof output === 'object' && output !== null && 'statusCode' in output ? output.statusCode : undefined;
  return typeof code === 'number' ? { code } : {};
}
