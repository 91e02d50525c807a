import type { BinaryNode } from '@whiskeysockets/baileys';
import {
  Curve,
  encodeBigEndian,
  generateRegistrationId,
  generateSignalPubKey,
  signedKeyPair,
} from '@whiskeysockets/baileys';
import * as libsignal from 'libsignal';
import { node } from './nodes.ts';

interface Pair {
  public: Uint8Array;
  private: Uint8Array;
}

function signalPair({ private: privKey, public: pubKey }: Pair) {
  return { privKey: Buffer.from(privKey), pubKey: Buffer.from(generateSignalPubKey(pubKey)) };
}

/** The Signal keys and sessions of one phone, in memory, as libsignal asks for them. */
export class SignalStore implements libsignal.SignalStorage {
  readonly identity = Curve.generateKeyPair();
  readonly registrationId = generateRegistrationId();
  private readonly signedKey = signedKeyPair(this.identity, 1);
  private readonly preKeys = new Map<number, Pair>();
  private readonly sessions = new Map<string, Uint8Array>();
  /** How often somebody asked for this phone's keys. */
  bundles = 0;

  has(address: libsignal.ProtocolAddress): boolean {
    return this.sessions.has(address.toString());
  }

  /** As if the phone had been restored from nothing: it can read no running session any more. */
  forget(): void {
    this.sessions.clear();
  }

  /** What the server hands to a device that asks for this phone's keys; takes one fresh one-time key. */
  bundle(): BinaryNode[] {
    this.bundles += 1;
    const id = this.bundles;
    const key = Curve.generateKeyPair();
    this.preKeys.set(id, key);
    const numbered = (keyId: number, value: Uint8Array) => [
      node('id', {}, encodeBigEndian(keyId, 3)),
      node('value', {}, Buffer.from(value)),
    ];
    const signature = node('signature', {}, Buffer.from(this.signedKey.signature));
    return [
      node('registration', {}, encodeBigEndian(this.registrationId)),
      node('type', {}, Buffer.from([5])),
      node('identity', {}, Buffer.from(this.identity.public)),
      node('skey', {}, [...numbered(1, this.signedKey.keyPair.public), signature]),
      node('key', {}, numbered(id, key.public)),
    ];
  }

  async loadSession(id: string) {
    const record = this.sessions.get(id);
    return record === undefined ? null : libsignal.SessionRecord.deserialize(record);
  }

  async storeSession(id: string, record: libsignal.SessionRecord) {
    this.sessions.set(id, record.serialize());
  }

  isTrustedIdentity() {
    return true;
  }

  async loadPreKey(id: number | string) {
    const pair = this.preKeys.get(Number(id));
    return pair === undefined ? undefined : signalPair(pair);
  }

  removePreKey(id: number) {
    this.preKeys.delete(id);
  }

  loadSignedPreKey() {
    return signalPair(this.signedKey.keyPair);
  }

  getOurRegistrationId() {
    return this.registrationId;
  }

  getOurIdentity() {
    return signalPair(this.identity);
  }
}
