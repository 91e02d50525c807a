import { randomBytes } from 'node:crypto';
import {
  type BinaryNode,
  generateSignalPubKey,
  jidDecode,
  proto,
  unpadRandomMax16,
  writeRandomPadMax16,
} from '@whiskeysockets/baileys';
import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import * as libsignal from 'libsignal';
import type { LinkedDevice } from './device.ts';
import { node, numberOf, seconds } from './nodes.ts';
import { SignalStore } from './signal-store.ts';

/** What a phone got from a linked device. */
export interface Got {
  id: string;
  message: proto.Message;
  /** `edit` of the stanza: 1 an edit, 7 a deletion. */
  edit: string | null;
}

export interface SayOptions {
  id?: string;
  name?: string;
  type?: string;
  /** How the stanza addresses the sender. */
  as?: 'number' | 'lid';
  /** Whether the stanza names the sender's other address too. */
  alternative?: boolean;
  /** More attributes of the stanza. */
  attrs?: Record<string, string>;
}

/** An id as phones make them. */
export function freshId(): string {
  return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
}

/** A customer's phone, or the company's own: real Signal sessions with each linked device. */
export class Phone {
  readonly number: string;
  readonly lidUser: string;
  readonly name: string;
  readonly signal = new SignalStore();
  readonly inbox: Got[] = [];
  /** Receipts of what this phone sent: id and type (`''` = delivered). */
  readonly receipts: { id: string; type: string }[] = [];
  /** Chat states that a device showed this phone, such as `composing`. */
  readonly states: string[] = [];

  constructor(number: string, lidUser: string, name: string) {
    this.number = number;
    this.lidUser = lidUser;
    this.name = name;
  }

  get jid(): string {
    return `${this.number}@s.whatsapp.net`;
  }

  get lid(): string {
    return `${this.lidUser}@lid`;
  }

  /** Sends a message to a linked device, as this phone's owner. Answers the message's id. */
  async say(device: LinkedDevice, message: proto.IMessage, options: SayOptions = {}): Promise<string> {
    const { id = freshId(), name = this.name, type = 'text', as = 'number', alternative = true } = options;
    const sender = as === 'lid' ? this.lid : this.jid;
    const mode: Record<string, string> = as === 'lid' ? { addressing_mode: 'lid' } : {};
    const other: Record<string, string> = as === 'lid' ? { sender_pn: this.jid } : { sender_lid: this.lid };
    const attrs = { from: sender, id, t: seconds(), notify: name, type, ...mode, ...(alternative ? other : {}) };
    const sealed = await this.encrypt(device, message);
    device.deliver(node('message', { ...attrs, ...options.attrs }, [sealed]));
    return id;
  }

  /** Sends bytes that are no message, properly sealed. */
  async sayBytes(device: LinkedDevice, bytes: Uint8Array): Promise<string> {
    const sealed = await this.seal(device, writeRandomPadMax16(bytes));
    return this.deliver(device, [sealed]);
  }

  /** A message that the device cannot open: its key was used for something else. */
  async sayBroken(device: LinkedDevice): Promise<string> {
    const sealed = await this.encrypt(device, { conversation: 'lost' });
    const bytes = Buffer.from(sealed.content as Uint8Array);
    // Within the MAC, in either form of a sealed message.
    bytes[bytes.length - 8]! ^= 1;
    return this.deliver(device, [{ ...sealed, content: bytes }]);
  }

  /** A message of which the server has no content for the device, as those of advertisements. */
  sayNothing(device: LinkedDevice): string {
    return this.deliver(device, [node('unavailable', {})]);
  }

  /** Calls; nobody answers. */
  call(device: LinkedDevice, id: string): void {
    const creator = { 'call-id': id, 'call-creator': this.jid, from: this.jid };
    const attrs = { id: freshId(), from: this.jid, t: seconds() };
    device.connection?.send(node('call', attrs, [node('offer', creator, [node('audio', {})])]));
  }

  /** Sends a message into a group: the sender's key in a direct part, the text under that key. */
  async sayInGroup(device: LinkedDevice, group: string, message: proto.IMessage): Promise<string> {
    let record = new SenderKeyRecord();
    const store = {
      loadSenderKey: async () => record,
      storeSenderKey: async (_name: unknown, next: SenderKeyRecord) => {
        record = next;
      },
    };
    const name = new SenderKeyName(group, new libsignal.ProtocolAddress(this.lidUser, 0));
    const key = await new GroupSessionBuilder(store).create(name);
    const handed = { groupId: group, axolotlSenderKeyDistributionMessage: key.serialize() };
    const direct = await this.encrypt(device, { senderKeyDistributionMessage: handed });
    const plain = writeRandomPadMax16(proto.Message.encode(message).finish());
    const sealed = await new GroupCipher(store, name).encrypt(plain);
    const id = freshId();
    const attrs = { from: group, participant: this.lid, participant_pn: this.jid, addressing_mode: 'lid' };
    device.deliver(
      node('message', { ...attrs, id, t: seconds(), notify: this.name, type: 'text' }, [
        direct,
        node('enc', { v: '2', type: 'skmsg' }, Buffer.from(sealed)),
      ]),
    );
    return id;
  }

  /** The owner writes to a customer on the phone itself: linked devices get a copy. */
  async echo(device: LinkedDevice, customer: Phone, message: proto.IMessage, id = freshId()): Promise<string> {
    const copy = { deviceSentMessage: { destinationJid: customer.jid, message } };
    const sealed = await this.encrypt(device, copy);
    const attrs = {
      from: this.jid,
      recipient: customer.jid,
      recipient_lid: customer.lid,
      id,
      t: seconds(),
      type: 'text',
    };
    device.deliver(node('message', attrs, [sealed]));
    return id;
  }

  /** A message of the own phone to its device alone, such as an answer about a missing message. */
  async tell(device: LinkedDevice, message: proto.IMessage): Promise<string> {
    const id = freshId();
    const sealed = await this.encrypt(device, message);
    device.deliver(node('message', { from: this.jid, id, t: seconds(), type: 'text', category: 'peer' }, [sealed]));
    return id;
  }

  /** Lets a device know what became of its message; `retry` says that it could not be read. */
  acknowledge(device: LinkedDevice, id: string, type: 'delivery' | 'read' | 'retry' = 'delivery', as = this.jid): void {
    const attrs: Record<string, string> = { id, from: as, t: seconds() };
    if (type !== 'delivery') attrs.type = type;
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(this.signal.registrationId);
    const again = [node('retry', { count: '1', id, t: seconds(), v: '1' }), node('registration', {}, registration)];
    device.connection?.send(node('receipt', attrs, type === 'retry' ? again : undefined));
  }

  /** Opens what a device sent. */
  async open(device: LinkedDevice, sealed: BinaryNode): Promise<proto.Message> {
    const cipher = new libsignal.SessionCipher(this.signal, addressOf(device));
    const bytes = Buffer.from(sealed.content as Uint8Array);
    const plain =
      sealed.attrs.type === 'pkmsg'
        ? await cipher.decryptPreKeyWhisperMessage(bytes)
        : await cipher.decryptWhisperMessage(bytes);
    return proto.Message.decode(unpadRandomMax16(plain));
  }

  /** Seals a message for a device; the first time with one of its pre-keys. */
  async encrypt(device: LinkedDevice, message: proto.IMessage): Promise<BinaryNode> {
    return await this.seal(device, writeRandomPadMax16(proto.Message.encode(message).finish()));
  }

  private async seal(device: LinkedDevice, plain: Uint8Array): Promise<BinaryNode> {
    const address = addressOf(device);
    if (!this.signal.has(address)) await this.meet(device, address);
    const { type, body } = await new libsignal.SessionCipher(this.signal, address).encrypt(plain);
    return node('enc', { v: '2', type: type === 3 ? 'pkmsg' : 'msg' }, Buffer.from(body, 'binary'));
  }

  private async meet(device: LinkedDevice, address: libsignal.ProtocolAddress): Promise<void> {
    const preKey = device.preKeys.shift();
    if (preKey === undefined) throw new Error('the device has no pre-keys at the server');
    const { identity, registrationId, signed } = device.keys;
    await new libsignal.SessionBuilder(this.signal, address).initOutgoing({
      registrationId,
      identityKey: generateSignalPubKey(identity),
      signedPreKey: { keyId: signed.id, publicKey: generateSignalPubKey(signed.value), signature: signed.signature },
      preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.value) },
    });
  }

  private deliver(device: LinkedDevice, content: BinaryNode[]): string {
    const id = freshId();
    const attrs = { from: this.jid, id, t: seconds(), notify: this.name, type: 'text', sender_lid: this.lid };
    device.deliver(node('message', attrs, content));
    return id;
  }
}

/** Number and LID of a device are one session to a phone. */
function addressOf(device: LinkedDevice): libsignal.ProtocolAddress {
  const { user, device: index } = jidDecode(device.jid) ?? { user: '', device: 0 };
  return new libsignal.ProtocolAddress(user, index ?? 0);
}

/** Keys of a device out of what it registered with. */
export function deviceKeys(payload: proto.ClientPayload): LinkedDevice['keys'] {
  const data = payload.devicePairingData;
  if (!data?.eIdent || !data.eRegid || !data.eSkeyId || !data.eSkeyVal || !data.eSkeySig) throw new Error('no keys');
  return {
    identity: Buffer.from(data.eIdent),
    registrationId: numberOf(data.eRegid),
    signed: { id: numberOf(data.eSkeyId), value: Buffer.from(data.eSkeyVal), signature: Buffer.from(data.eSkeySig) },
  };
}
