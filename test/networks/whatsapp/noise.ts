import { aesDecryptGCM, aesEncryptGCM, Curve, hkdf, NOISE_MODE, proto, sha256 } from '@whiskeysockets/baileys';

const none: Buffer = Buffer.alloc(0);

function nonce(count: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(count, 8);
  return iv;
}

function split(secret: Uint8Array, salt: Buffer): [Buffer, Buffer] {
  const keys = Buffer.from(hkdf(secret, 64, { salt, info: '' }));
  return [keys.subarray(0, 32), keys.subarray(32)];
}

/** The server's side of WhatsApp's handshake (Noise_XX_25519_AESGCM_SHA256) and the sealed frames that follow it. */
export class NoiseResponder {
  private hash: Buffer = Buffer.from(NOISE_MODE);
  private salt = this.hash;
  private key = this.hash;
  private count = 0;
  private readonly ephemeral = Curve.generateKeyPair();
  private readonly fixed = Curve.generateKeyPair();
  private reading = { key: none, count: 0 };
  private writing = { key: none, count: 0 };

  constructor(header: Uint8Array) {
    this.authenticate(header);
  }

  /** Answers the client's first frame. `certify` signs our static key. */
  hello(frame: Uint8Array, certify: (key: Uint8Array) => Uint8Array): Uint8Array {
    const client = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!client) throw new Error('no client hello');
    this.authenticate(client);
    this.authenticate(this.ephemeral.public);
    this.mix(Curve.sharedKey(this.ephemeral.private, client));
    const sealedKey = this.encrypt(this.fixed.public);
    this.mix(Curve.sharedKey(this.fixed.private, client));
    const payload = this.encrypt(certify(this.fixed.public));
    const serverHello = { ephemeral: this.ephemeral.public, static: sealedKey, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Takes the client's second frame; from then on frames are sealed. */
  finish(frame: Uint8Array): proto.ClientPayload {
    const last = proto.HandshakeMessage.decode(frame).clientFinish;
    if (!last?.static || !last.payload) throw new Error('no client finish');
    this.mix(Curve.sharedKey(this.ephemeral.private, this.decrypt(last.static)));
    const payload = proto.ClientPayload.decode(this.decrypt(last.payload));
    const [read, write] = split(none, this.salt);
    this.reading = { key: read, count: 0 };
    this.writing = { key: write, count: 0 };
    return payload;
  }

  seal(plain: Uint8Array): Buffer {
    return aesEncryptGCM(plain, this.writing.key, nonce(this.writing.count++), none);
  }

  open(sealed: Uint8Array): Buffer {
    return aesDecryptGCM(sealed, this.reading.key, nonce(this.reading.count++), none);
  }

  private authenticate(bytes: Uint8Array): void {
    this.hash = sha256(Buffer.concat([this.hash, bytes]));
  }

  private mix(secret: Uint8Array): void {
    [this.salt, this.key] = split(secret, this.salt);
    this.count = 0;
  }

  private encrypt(plain: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plain, this.key, nonce(this.count++), this.hash);
    this.authenticate(sealed);
    return sealed;
  }

  private decrypt(sealed: Uint8Array): Buffer {
    const plain = aesDecryptGCM(sealed, this.key, nonce(this.count++), this.hash);
    this.authenticate(sealed);
    return plain;
  }
}
