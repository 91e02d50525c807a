import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Agent, get } from 'node:https';
import { getMediaKeys } from '@whiskeysockets/baileys';
import type { SealedFile } from './content.ts';

/** Where a sealed file may be fetched, and by which connection. */
export interface DownloadMeans {
  agent: Agent;
  /** Hosts that the network named for media, such as `mmg.whatsapp.net`; never what a message says. */
  hosts(): Promise<string[]>;
  /** Largest file that is taken, in bytes. */
  most: number;
  signal: AbortSignal;
}

const tooBig = 'too big';

/** The file cannot be had; `gone`: the network does not keep it any more (a phone may upload it again). */
export class MediaFault extends Error {
  readonly gone: boolean;
  readonly tooBig: boolean;
  constructor(words: string, gone = false) {
    super(words);
    this.gone = gone;
    this.tooBig = words === tooBig;
  }
}

const macBytes = 10;
const blockBytes = 16;
const silenceMs = 30_000;
const official = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.whatsapp\.net$/;

/**
 * Fetches and opens a file, as a stream. The host is one of the network's own: a message's word for it would send us
 * anywhere. Redirects are not followed. MAC and both digests are checked, none of which Baileys does; what was streamed
 * counts for nothing when the end throws MediaFault.
 */
export async function* download(file: SealedFile, means: DownloadMeans): AsyncGenerator<Uint8Array> {
  if (file.bytes > means.most) throw new MediaFault(tooBig);
  const path = pathOf(file);
  const host = await hostOf(file, means);
  const { cipherKey, iv, macKey } = await getMediaKeys(file.mediaKey, file.type);
  if (file.mediaKey.length === 0 || macKey === undefined) throw new MediaFault('no key');
  const response = await request(`https://${host}${path}`, means);
  try {
    const mac = createHmac('sha256', macKey).update(iv);
    yield* open(cut(response, means.most), createDecipheriv('aes-256-cbc', cipherKey, iv), mac, file);
  } finally {
    response.destroy();
  }
}

function pathOf({ directPath, url }: SealedFile): string {
  const path = directPath ?? (url !== null && URL.canParse(url) ? new URL(url).pathname + new URL(url).search : '');
  // `//host` and `/@host` would leave the host that was chosen.
  if (!/^\/[A-Za-z0-9]/.test(path) || /[\s\\]/.test(path)) throw new MediaFault('a path that is none');
  return path;
}

/** The message's host when it is the network's own, else the first that the network named. */
async function hostOf({ url }: SealedFile, { hosts }: DownloadMeans): Promise<string> {
  const named = url !== null && URL.canParse(url) ? new URL(url) : null;
  if (named?.protocol === 'https:' && named.port === '' && official.test(named.hostname)) return named.host;
  const [first] = await hosts();
  if (first === undefined) throw new MediaFault('no host');
  return first;
}

function request(address: string, { agent, signal }: DownloadMeans): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = get(address, { agent, signal, headers: { origin: 'https://web.whatsapp.com' } }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode === 200) {
        resolve(response);
        return;
      }
      response.destroy();
      reject(new MediaFault(`status ${statusCode}`, statusCode === 404 || statusCode === 410));
    });
    asked.setTimeout(silenceMs, () => asked.destroy(new MediaFault('silence')));
    asked.on('error', (error) => reject(error instanceof MediaFault ? error : new MediaFault('no connection')));
  });
}

/** All bytes but the last ten, which come alone at the end; throws above `most`. */
async function* cut(source: AsyncIterable<Buffer>, most: number): AsyncGenerator<{ part: Buffer; last: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  try {
    for await (const bytes of source) {
      count += bytes.length;
      if (count > most + blockBytes + macBytes) throw new MediaFault(tooBig);
      rest = Buffer.concat([rest, bytes]);
      const whole = Math.max(0, rest.length - macBytes);
      if (whole > 0) yield { part: rest.subarray(0, whole), last: false };
      rest = rest.subarray(whole);
    }
  } catch (error) {
    throw error instanceof MediaFault ? error : new MediaFault('cut off');
  }
  yield { part: rest, last: true };
}

async function* open(
  parts: AsyncIterable<{ part: Buffer; last: boolean }>,
  cipher: ReturnType<typeof createDecipheriv>,
  mac: ReturnType<typeof createHmac>,
  { sha256, sealedSha256 }: SealedFile,
): AsyncGenerator<Uint8Array> {
  const [plainHash, sealedHash] = [createHash('sha256'), createHash('sha256')];
  let tail: Buffer = Buffer.alloc(0);
  for await (const { part, last } of parts) {
    sealedHash.update(part);
    if (last) tail = part;
    else {
      mac.update(part);
      const plain = cipher.update(part);
      plainHash.update(plain);
      if (plain.length > 0) yield plain;
    }
  }
  if (!same(mac.digest().subarray(0, macBytes), tail)) throw new MediaFault('a wrong MAC');
  const end = final(cipher);
  plainHash.update(end);
  if (end.length > 0) yield end;
  if (sealedSha256 !== null && !same(sealedHash.digest(), sealedSha256)) throw new MediaFault('a wrong digest');
  if (sha256 !== null && !same(plainHash.digest(), sha256)) throw new MediaFault('a wrong digest');
}

function final(cipher: ReturnType<typeof createDecipheriv>): Buffer {
  try {
    return cipher.final();
  } catch {
    throw new MediaFault('wrong padding');
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
