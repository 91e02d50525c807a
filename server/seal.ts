import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2';

/** Everything that hashes, locks or draws lots. One object, so that the desk needs no node module. */
export interface Seal {
  /** SHA-256 of UTF-8 text, 64 hex digits. */
  digest(text: string): string;
  /** What is stored in a token's place: keyed, so that a stolen database alone opens nothing. */
  mark(token: string): string;
  /** 256 random bits as 43 base64url characters. */
  token(): string;
  /** A short code for people: `XXXX-XXXX`, without letters that look like digits. */
  code(): string;
  hashPassword(password: string): Promise<string>;
  /** With `hash === null` it takes as long and says no, so that unknown accounts cannot be told by time. */
  verifyPassword(hash: string | null, password: string): Promise<boolean>;
  /**
   * Encrypts for storage (AES-256-GCM). `place` is bound in: what was locked for one place does not open in another.
   * Layout: version 1, 12 bytes nonce, 16 bytes tag, ciphertext.
   */
  lock(place: string, plain: Uint8Array): Uint8Array;
  /** Throws when the key or the place is another one, or a byte was changed. */
  unlock(place: string, locked: Uint8Array): Uint8Array;
  /** Compares in constant time; lengths may differ. */
  same(a: string, b: string): boolean;
}

/** argon2id with 19 MiB and two passes (OWASP); the library's default kind is argon2id. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Makes the seal of one key. A decoy hash for unknown accounts is prepared at once. */
export function createSeal(key: string): Seal {
  const decoy = argonHash(randomBytes(16).toString('hex'), cost);
  const lockKey = new Uint8Array(hkdfSync('sha256', key, '', 'balcao lock 1', 32));
  const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  return {
    digest,
    mark: (token) => createHmac('sha256', key).update(token, 'utf8').digest('hex'),
    token: () => randomBytes(32).toString('base64url'),
    code() {
      const letters = Array.from(randomBytes(8), (byte) => alphabet[byte % alphabet.length]);
      return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
    },
    hashPassword: (password) => argonHash(password, cost),
    async verifyPassword(hash, password) {
      const right = await argonVerify(hash ?? (await decoy), password);
      return hash !== null && right;
    },
    lock(place, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', lockKey, nonce).setAAD(Buffer.from(place, 'utf8'));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body]);
    },
    unlock(place, locked) {
      if (locked[0] !== 1) throw new Error('locked under an unknown version');
      const decipher = createDecipheriv('aes-256-gcm', lockKey, locked.subarray(1, 13));
      decipher.setAAD(Buffer.from(place, 'utf8')).setAuthTag(locked.subarray(13, 29));
      return Buffer.concat([decipher.update(locked.subarray(29)), decipher.final()]);
    },
    same: (a, b) => timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b))),
  };
}
