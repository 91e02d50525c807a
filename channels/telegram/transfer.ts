import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChannelError } from '../channel.ts';
import { ApiFault, faultOfAnswer } from './fault.ts';
import { type Form, multipartOf } from './multipart.ts';
import type { Bot } from './settings.ts';

/** When a transfer is given up: after this long without a byte, or by the signal. */
export interface Patience {
  idleMs: number;
  signal: AbortSignal;
}

/** More than any answer of the Bot API to an upload. */
const answerMost = 1024 * 1024;

/**
 * Calls a method with a file, streaming it; answers `result`. Throws ApiFault, or ChannelError `media.unreadable` when
 * the file itself failed: then the form stayed incomplete and nothing can have been taken.
 */
export async function upload({ root, token }: Bot, method: string, form: Form, patience: Patience): Promise<unknown> {
  const { type, length, body } = multipartOf(form);
  const headers = { 'content-type': type, 'content-length': length };
  const line = open(`${root}/bot${token}/${method}`, 'POST', headers, patience);
  const source = watched(body());
  const written = pipeline(Readable.from(source.bytes), line.request).catch(() => null);
  try {
    const response = await line.response;
    const answer = await json(response);
    const ok = typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
    if (!ok || !('result' in answer)) throw faultOfAnswer(method, refusedStatus(response, answer), answer);
    return answer.result;
  } catch (error) {
    const failed = source.failed();
    if (failed !== null) throw failed.error instanceof ChannelError ? failed.error : unreadable();
    throw error instanceof ApiFault ? error : new ApiFault(method, { reach: line.reach(), status: 0 });
  } finally {
    // An answer that came early, such as "too large", leaves the rest of the file unwritten.
    line.request.destroy();
    await written;
  }
}

/** The bytes of a file that `getFile` named. Throws ApiFault, also in the middle. */
export async function* download({ root, token }: Bot, path: string, patience: Patience): AsyncGenerator<Uint8Array> {
  const safe = path.split('/').map(encodeURIComponent).join('/');
  const line = open(`${root}/file/bot${token}/${safe}`, 'GET', {}, patience);
  try {
    line.request.end();
    const response = await line.response;
    if (response.statusCode !== 200) throw faultOfAnswer('file', response.statusCode ?? 0, null);
    yield* response;
  } catch (error) {
    throw error instanceof ApiFault ? error : new ApiFault('file', { reach: line.reach(), status: 0 });
  } finally {
    line.request.destroy();
  }
}

const unreadable = () => new ChannelError('temporary', 'media.unreadable');

interface Line {
  request: ClientRequest;
  response: Promise<IncomingMessage>;
  reach(): 'never' | 'unknown';
}

/** A connection of its own for one request, so that it is known whether there was one at all. */
function open(url: string, method: string, headers: Record<string, string | number>, patience: Patience): Line {
  const isSecure = url.startsWith('https:');
  const request = (isSecure ? secure : plain)(url, { method, headers, agent: false, signal: patience.signal });
  let connected = false;
  request.once('socket', (socket) => {
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      connected = true;
    });
  });
  request.setTimeout(patience.idleMs, () => request.destroy(new Error('nothing came')));
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays for the whole life of the request: an error after the answer has nobody to tell.
    request.on('error', reject);
  });
  return { request, response, reach: () => (connected ? 'unknown' : 'never') };
}

/** Passes bytes on and remembers whether it was their source that failed. */
function watched(bytes: AsyncGenerator<Uint8Array>): {
  bytes: AsyncGenerator<Uint8Array>;
  failed(): { error: unknown } | null;
} {
  let failure: { error: unknown } | null = null;
  async function* through(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { bytes: through(), failed: () => failure };
}

async function json(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > answerMost) throw new Error('an endless answer');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** An answer without JSON comes from a front, not from the Bot API; of a 413 it is certain enough. */
function refusedStatus({ statusCode = 0 }: IncomingMessage, answer: unknown): number {
  return answer === null && statusCode !== 413 ? 502 : statusCode;
}
