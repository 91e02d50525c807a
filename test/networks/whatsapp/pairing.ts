import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  getBinaryNodeChild,
  hkdf,
  hmacSign,
  proto,
  S_WHATSAPP_NET,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import * as libsignal from 'libsignal';
import type { FakeConnection } from './connection.ts';
import { LinkedDevice } from './device.ts';
import { bytesOf, node, seconds } from './nodes.ts';
import { deviceKeys, type Phone } from './phone.ts';

/** One client that wants to be linked: what it was shown and what it asked for. */
interface Waiting {
  connection: FakeConnection;
  /** First half of the pairing code: its ephemeral key, sealed with the code. */
  hello: { wrapped: Buffer; ref: Buffer } | null;
  /** The phone's half while the code is being exchanged. */
  exchange: { owner: Phone; ephemeral: { public: Uint8Array; private: Uint8Array }; companion: Buffer } | null;
  device: LinkedDevice | null;
}

/** Links new devices to phones: by a scanned QR text or by a typed code. */
export class Pairing {
  private readonly waiting = new Map<FakeConnection, Waiting>();
  private readonly refs = new Map<string, FakeConnection>();
  private readonly linked: (device: LinkedDevice) => void;
  private nextDevice = 7;

  constructor(linked: (device: LinkedDevice) => void) {
    this.linked = linked;
  }

  /** Shows a fresh client its references, one a QR code. */
  begin(connection: FakeConnection, count: number): void {
    this.waiting.set(connection, { connection, hello: null, exchange: null, device: null });
    const refs = Array.from({ length: count }, () => `2@${randomBytes(24).toString('base64')}`);
    for (const ref of refs) this.refs.set(ref, connection);
    const shown = refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    connection.send(
      node('iq', { from: S_WHATSAPP_NET, type: 'set', id: 'pair1', xmlns: 'md' }, [node('pair-device', {}, shown)]),
    );
  }

  get asksForCode(): boolean {
    return [...this.waiting.values()].some(({ hello }) => hello !== null);
  }

  forget(connection: FakeConnection): void {
    this.waiting.delete(connection);
  }

  /** A phone scans the text of a QR code. */
  scan(qr: string, owner: Phone): void {
    const [ref = '', , identity = '', secret = ''] = (qr.split('#').pop() ?? '').split(',');
    const waiting = this.waiting.get(this.refs.get(ref) as FakeConnection);
    if (waiting === undefined) throw new Error('nobody shows this QR code');
    this.succeed(waiting, owner, Buffer.from(identity, 'base64'), Buffer.from(secret, 'base64'));
  }

  /** First stage of the code: the client sends its key, sealed with the code that only its user sees. */
  hello(connection: FakeConnection, request: BinaryNode): BinaryNode[] {
    const waiting = this.of(connection);
    const wrapped = bytesOf(request, 'link_code_pairing_wrapped_companion_ephemeral_pub');
    waiting.hello = { wrapped, ref: randomBytes(12) };
    return [
      node('link_code_companion_reg', { stage: 'companion_hello' }, [
        node('link_code_pairing_ref', {}, waiting.hello.ref),
      ]),
    ];
  }

  /** A phone types the code: its half of the exchange goes to the client. */
  async type(code: string, owner: Phone): Promise<void> {
    const waiting = [...this.waiting.values()].find(({ hello }) => hello !== null);
    if (waiting?.hello == null) throw new Error('nobody asked for a code');
    const { wrapped, ref } = waiting.hello;
    const theirs = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
    const companion = aesDecryptCTR(wrapped.subarray(48, 80), theirs, wrapped.subarray(32, 48));
    const ephemeral = Curve.generateKeyPair();
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const sealed = aesEncryptCTR(ephemeral.public, await derivePairingCodeKey(code, salt), iv);
    waiting.exchange = { owner, ephemeral, companion };
    const attrs = {
      from: S_WHATSAPP_NET,
      type: 'link_code_companion_reg',
      id: randomBytes(4).toString('hex'),
      t: seconds(),
    };
    waiting.connection.send(
      node('notification', attrs, [
        node('link_code_companion_reg', { stage: 'primary_hello' }, [
          node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, Buffer.concat([salt, iv, sealed])),
          node('primary_identity_pub', {}, Buffer.from(owner.signal.identity.public)),
          node('link_code_pairing_ref', {}, ref),
        ]),
      ]),
    );
  }

  /** Second stage: both sides make the secret that signs the new device. */
  finish(connection: FakeConnection, request: BinaryNode): void {
    const waiting = this.of(connection);
    if (waiting.exchange === null) throw new Error('no code was typed');
    const { owner, ephemeral, companion } = waiting.exchange;
    const bundle = bytesOf(request, 'link_code_pairing_wrapped_key_bundle');
    const identity = bytesOf(request, 'companion_identity_public');
    const shared = Buffer.from(Curve.sharedKey(ephemeral.private, companion));
    const info = 'link_code_pairing_key_bundle_encryption_key';
    const key = hkdf(shared, 32, { salt: bundle.subarray(0, 32), info });
    const opened = aesDecryptGCM(bundle.subarray(44), Buffer.from(key), bundle.subarray(32, 44), Buffer.alloc(0));
    if (!opened.subarray(0, 32).equals(identity)) throw new Error('the bundle is of another device');
    const both = Buffer.from(Curve.sharedKey(owner.signal.identity.private, identity));
    const secret = hkdf(Buffer.concat([shared, both, opened.subarray(64)]), 32, { info: 'adv_secret' });
    this.succeed(waiting, owner, identity, Buffer.from(secret));
  }

  /** The client's answer to a success: its signature, and then it must connect anew. */
  signed(connection: FakeConnection, answer: BinaryNode): void {
    const { device } = this.of(connection);
    if (device === null) throw new Error('a signature without a device');
    const identity = proto.ADVSignedDeviceIdentity.decode(bytesOf(answer, 'device-identity'));
    const { details, deviceSignature } = identity;
    if (!details || !deviceSignature) throw new Error('no device signature');
    const { keys, owner } = device;
    const message = Buffer.concat([WA_ADV_DEVICE_SIG_PREFIX, details, keys.identity, owner.signal.identity.public]);
    if (!verify(keys.identity, message, deviceSignature)) throw new Error('a wrong device signature');
    this.linked(device);
    connection.end(node('stream:error', { code: '515' }));
  }

  private succeed(waiting: Waiting, owner: Phone, identity: Buffer, secret: Buffer): void {
    const { payload } = waiting.connection;
    if (payload === null) throw new Error('no registration');
    const number = this.nextDevice++;
    waiting.device = new LinkedDevice(owner, number, deviceKeys(payload));
    const timestamp = Math.floor(Date.now() / 1000);
    const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp, keyIndex: 1, accountType: 0, deviceType: 0 });
    const signedDetails = details.finish();
    const key = owner.signal.identity;
    const accountSignature = Curve.sign(
      key.private,
      Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, signedDetails, identity]),
    );
    const account = { details: signedDetails, accountSignatureKey: key.public, accountSignature };
    const signed = proto.ADVSignedDeviceIdentity.encode(account).finish();
    const hmac = hmacSign(signed, secret);
    const blob = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish();
    const attrs = { from: S_WHATSAPP_NET, type: 'set', id: 'pair2', t: seconds() };
    waiting.connection.send(
      node('iq', attrs, [
        node('pair-success', {}, [
          node('device-identity', {}, Buffer.from(blob)),
          node('biz', { name: owner.name }),
          node('device', { jid: waiting.device.jid, lid: waiting.device.lid }),
          node('platform', { name: 'android' }),
        ]),
      ]),
    );
  }

  private of(connection: FakeConnection): Waiting {
    const waiting = this.waiting.get(connection);
    if (waiting === undefined) throw new Error('a client that does not pair');
    return waiting;
  }
}

/** What `pair-device-sign` carries, when it is there. */
export function signatureOf(stanza: BinaryNode): BinaryNode | undefined {
  return getBinaryNodeChild(stanza, 'pair-device-sign');
}

function verify(key: Buffer, message: Buffer, signature: Uint8Array): boolean {
  const curve = Reflect.get(libsignal, 'curve') ?? Reflect.get(Reflect.get(libsignal, 'default'), 'curve');
  return curve.verifySignature(Buffer.concat([Buffer.from([5]), key]), message, Buffer.from(signature)) === true;
}
