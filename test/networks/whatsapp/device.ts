import type { BinaryNode } from '@whiskeysockets/baileys';
import type { FakeConnection } from './connection.ts';
import type { Phone } from './phone.ts';

/** What a linked device told about its keys. */
export interface DeviceKeys {
  identity: Buffer;
  registrationId: number;
  signed: { id: number; value: Buffer; signature: Buffer };
}

/** A device linked to a phone's account, as the server keeps it. */
export class LinkedDevice {
  readonly owner: Phone;
  readonly number: number;
  readonly keys: DeviceKeys;
  readonly preKeys: { id: number; value: Buffer }[] = [];
  /** Stanzas that the device has not acknowledged; delivered again at its next login. */
  readonly unacknowledged = new Map<string, BinaryNode>();
  /** Every receipt and acknowledgement that came from the device, in order. */
  readonly answers: BinaryNode[] = [];
  connection: FakeConnection | null = null;
  /** Takes live stanzas: it has asked for them after its login. */
  active = false;
  loggedOut = false;

  constructor(owner: Phone, number: number, keys: DeviceKeys) {
    this.owner = owner;
    this.number = number;
    this.keys = keys;
  }

  get jid(): string {
    return `${this.owner.number}:${this.number}@s.whatsapp.net`;
  }

  get lid(): string {
    return `${this.owner.lidUser}:${this.number}@lid`;
  }

  /** Keeps a stanza until it is acknowledged, and delivers it now when the device is there. */
  deliver(stanza: BinaryNode): void {
    this.unacknowledged.set(stanza.attrs.id ?? '', stanza);
    if (this.active) this.connection?.send(stanza);
  }

  /** Delivers what has waited, marked as such. */
  deliverBacklog(): void {
    const waiting = [...this.unacknowledged.values()];
    for (const stanza of waiting) {
      this.connection?.send({ ...stanza, attrs: { ...stanza.attrs, offline: '0' } });
    }
    const count = { tag: 'offline', attrs: { count: String(waiting.length) } };
    this.connection?.send({ tag: 'ib', attrs: { from: 's.whatsapp.net' }, content: [count] });
  }
}
