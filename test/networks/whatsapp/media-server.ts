import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { getMediaKeys, type MediaType } from '@whiskeysockets/baileys';
import { unattended } from '#shared/unattended.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** One DER element (X.690): tag, length, value. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const length = Buffer.from(value.length.toString(16).padStart(value.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value]);
}

/** A self-signed certificate of 127.0.0.1 (RFC 5280, ecdsa-with-SHA256), made anew for each server. */
function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('fake')))));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const address = der(0x30, der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternative = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, address));
  const isAuthority = der(0x30, Buffer.from('0603551d13', 'hex'), der(0x04, Buffer.from('30030101ff', 'hex')));
  const body = der(
    0x30,
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, alternative, isAuthority)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = der(0x30, body, algorithm, signature)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** Fields of a media message that say where its file is and how to open it. */
export interface SealedMedia {
  url: string;
  directPath: string;
  mediaKey: Buffer;
  fileLength: number;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
}

/** Where phones and devices leave their sealed files: https on loopback. */
export class MediaServer {
  readonly cert: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  refuseUploads = false;
  readonly files = new Map<string, Buffer>();
  private readonly server: Server;
  private count = 0;
  private gate = Promise.resolve();

  constructor() {
    const { key, cert } = selfSigned();
    this.cert = cert;
    this.server = createServer({ key, cert }, (request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (request.method === 'POST') {
        if (this.refuseUploads) {
          response.writeHead(503).end('{}');
          return;
        }
        buffer(request).then(
          (bytes) => {
            this.files.set(path, bytes);
            response.end(JSON.stringify({ url: `https://${this.host}${path}`, direct_path: path }));
          },
          () => response.destroy(),
        );
        return;
      }
      this.asked.push(path);
      const file = this.files.get(path);
      unattended(
        this.gate.then(() => response.writeHead(file === undefined ? 404 : 200).end(file)),
        'a download',
      );
    });
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Until the answer is called, downloads stay without an answer. */
  hold(): () => void {
    let open: () => void = () => undefined;
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  /** Seals a file as a phone does and keeps it. */
  async put(plain: Uint8Array, type: MediaType): Promise<SealedMedia> {
    const mediaKey = randomBytes(32);
    const { cipherKey, iv, macKey } = await getMediaKeys(mediaKey, type);
    if (macKey === undefined) throw new Error('no MAC key');
    const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    const mac = createHmac('sha256', macKey).update(iv).update(sealed).digest().subarray(0, 10);
    const file = Buffer.concat([sealed, mac]);
    const directPath = `/v/t62/${this.count++}.enc`;
    this.files.set(directPath, file);
    return {
      url: `https://${this.host}${directPath}`,
      directPath,
      mediaKey,
      fileLength: plain.length,
      fileSha256: sha256(plain),
      fileEncSha256: sha256(file),
    };
  }

  /** Opens a file that a device left here. */
  async open(directPath: string, mediaKey: Uint8Array, type: MediaType): Promise<Buffer> {
    const file = this.files.get(directPath);
    if (file === undefined) throw new Error('no such file');
    const { cipherKey, iv } = await getMediaKeys(mediaKey, type);
    const cipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
    return Buffer.concat([cipher.update(file.subarray(0, -10)), cipher.final()]);
  }
}
