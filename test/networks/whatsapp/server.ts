import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type proto,
  S_WHATSAPP_NET,
} from '@whiskeysockets/baileys';
import { WebSocketServer } from 'ws';
import { certifier } from './certificate.ts';
import { type ConnectionHandlers, FakeConnection } from './connection.ts';
import type { LinkedDevice } from './device.ts';
import { mediaRetry } from './media-retry.ts';
import { MediaServer, type SealedMedia } from './media-server.ts';
import { firstChild, node, seconds, userOf } from './nodes.ts';
import { Pairing, signatureOf } from './pairing.ts';
import { Phone } from './phone.ts';
import { answer } from './queries.ts';

/** What goes wrong; each stays until it is set back or used up. */
export interface Faults {
  /** HTTP status instead of the upgrade. */
  upgrade: number | null;
  /** Reason of a `<failure>` instead of the login's success. */
  login: string | null;
  /** Errors, such as 463, with which the next messages are acknowledged, one each. */
  failSend: string[];
  /** How many of the next messages are taken and neither acknowledged nor delivered. */
  dropSend: number;
  /** The connection dies when a receipt arrives, as if the client had died before it sent it. */
  dropReceipts: boolean;
  /** New connections are taken and never read. */
  frozen: boolean;
  /** Random bytes instead of the certificate's signatures. */
  garbageCertificate: boolean;
  /** QR codes of one attempt to pair. */
  refs: number;
}

/** WhatsApp's multi-device server and its media server, on loopback. */
export class FakeWhatsApp implements ConnectionHandlers {
  readonly media = new MediaServer();
  readonly faults: Faults = {
    upgrade: null,
    login: null,
    failSend: [],
    dropSend: 0,
    dropReceipts: false,
    frozen: false,
    garbageCertificate: false,
    refs: 6,
  };
  readonly devices = new Map<string, LinkedDevice>();
  readonly connections = new Set<FakeConnection>();
  /** Every message stanza that devices sent, also refused ones. */
  readonly sent: BinaryNode[] = [];
  /** Files that phones upload again when a device asks for them, by the id of their message. */
  readonly uploadedAgain = new Map<string, SealedMedia>();
  /** Faults of the fake or of its client: a test that expects none checks that this is empty. */
  readonly failures: unknown[] = [];
  /** How many sockets were ever opened, refused upgrades included. */
  attempts = 0;
  private readonly phones = new Map<string, Phone>();
  private readonly pairing = new Pairing((device) => this.devices.set(device.jid, device));
  private readonly certificate = certifier();
  private readonly http: Server = createServer();
  private readonly sockets = new WebSocketServer({ noServer: true });

  constructor() {
    this.http.on('upgrade', (request, socket, head) => {
      this.attempts += 1;
      const { upgrade } = this.faults;
      if (upgrade !== null) {
        socket.end(`HTTP/1.1 ${upgrade} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (client) => {
        this.connections.add(new FakeConnection(client, this));
        if (this.faults.frozen) client.pause();
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/ws/chat`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    await this.media.start();
    return this;
  }

  async stop(): Promise<void> {
    this.dropAll();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
    await this.media.stop();
  }

  /** Cuts every connection without a word. */
  dropAll(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  /** Every connection stays open, and nothing is read from it any more. */
  freeze(): void {
    for (const { socket } of this.connections) socket.pause();
  }

  /** Somebody with WhatsApp on a phone. `number` is E.164 without `+`. */
  phone(number: string, lidUser: string, name: string): Phone {
    const phone = new Phone(number, lidUser, name);
    this.phones.set(number, phone);
    this.phones.set(lidUser, phone);
    return phone;
  }

  phoneOf(user: string): Phone | undefined {
    return this.phones.get(user);
  }

  /** Whether a client waits for its pairing code to be typed. */
  get asksForCode(): boolean {
    return this.pairing.asksForCode;
  }

  /** The owner scans a QR text on the phone. */
  scan(qr: string, owner: Phone): void {
    this.pairing.scan(qr, owner);
  }

  /** The owner types a pairing code on the phone. */
  async type(code: string, owner: Phone): Promise<void> {
    await this.pairing.type(code, owner);
  }

  /** Ends a device's connection as if another one had taken it over. */
  replace(device: LinkedDevice): void {
    device.connection?.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]));
  }

  /** Ends a device's connection with a stream error, such as 503. */
  streamError(device: LinkedDevice, code: string): void {
    device.connection?.end(node('stream:error', { code }));
  }

  /** The owner removes a device on the phone. */
  logOut(device: LinkedDevice): void {
    device.loggedOut = true;
    device.connection?.end(node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })]));
  }

  certify(key: Uint8Array): Uint8Array {
    return this.certificate(key, this.faults.garbageCertificate);
  }

  login(connection: FakeConnection, payload: proto.ClientPayload): void {
    if (payload.devicePairingData) {
      this.pairing.begin(connection, this.faults.refs);
      return;
    }
    const device = this.devices.get(`${payload.username}:${payload.device}@s.whatsapp.net`);
    const refused = this.faults.login ?? (device === undefined || device.loggedOut ? '401' : null);
    if (refused !== null || device === undefined) {
      connection.end(node('failure', { reason: refused ?? '401', location: 'fake' }));
      return;
    }
    this.replace(device);
    device.active = false;
    device.connection = connection;
    connection.device = device;
    connection.send(node('success', { t: seconds(), lid: device.lid, props: '1' }));
  }

  async stanza(connection: FakeConnection, stanza: BinaryNode): Promise<void> {
    const { tag, attrs } = stanza;
    if (tag === 'iq') this.query(connection, stanza);
    else if (tag === 'receipt') this.receipt(connection, stanza);
    else if (tag === 'ack') this.settle(connection, stanza);
    else if (tag === 'message') await this.message(connection, stanza);
    else if (tag === 'chatstate') this.phones.get(userOf(attrs.to))?.states.push(firstChild(stanza)?.tag ?? '');
  }

  closed(connection: FakeConnection): void {
    this.connections.delete(connection);
    this.pairing.forget(connection);
    const { device } = connection;
    if (device?.connection !== connection) return;
    device.connection = null;
    device.active = false;
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  private query(connection: FakeConnection, query: BinaryNode): void {
    if (query.attrs.type === 'result') {
      const signature = signatureOf(query);
      if (signature !== undefined) this.pairing.signed(connection, signature);
      return;
    }
    const directory = {
      pairing: this.pairing,
      mediaHost: this.media.host,
      phone: (user: string) => this.phones.get(user),
    };
    const { content, after } = answer(directory, connection, query);
    connection.send(node('iq', { from: S_WHATSAPP_NET, type: 'result', id: query.attrs.id ?? '' }, content));
    after?.();
  }

  private receipt(connection: FakeConnection, receipt: BinaryNode): void {
    if (this.faults.dropReceipts) {
      connection.socket.terminate();
      return;
    }
    this.settle(connection, receipt);
    const { id = '', to = '', type } = receipt.attrs;
    if (!to.endsWith('@g.us')) this.phones.get(userOf(to))?.receipts.push({ id, type: type ?? '' });
    connection.send(node('ack', { class: 'receipt', id, from: to, ...(type ? { type } : {}) }));
    if (type === 'server-error') connection.send(mediaRetry(receipt, this.uploadedAgain.get(id)));
  }

  private settle({ device }: FakeConnection, stanza: BinaryNode): void {
    device?.answers.push(stanza);
    device?.unacknowledged.delete(stanza.attrs.id ?? '');
  }

  private async message(connection: FakeConnection, stanza: BinaryNode): Promise<void> {
    const { device } = connection;
    const { id = '', to = '' } = stanza.attrs;
    if (device === null) throw new Error('a message before the login');
    this.sent.push(stanza);
    if (this.faults.dropSend > 0) {
      this.faults.dropSend -= 1;
      return;
    }
    const error = this.faults.failSend.shift();
    if (error === undefined) await this.deliver(device, stanza);
    const outcome: Record<string, string> = error === undefined ? { t: seconds() } : { error };
    connection.send(node('ack', { class: 'message', id, from: to, ...outcome }));
  }

  private async deliver(device: LinkedDevice, stanza: BinaryNode): Promise<void> {
    const { id = '', to, edit } = stanza.attrs;
    const fanned = getBinaryNodeChildren(getBinaryNodeChild(stanza, 'participants'), 'to');
    const single = getBinaryNodeChild(stanza, 'enc');
    const parts = fanned.map((part) => ({ jid: part.attrs.jid, sealed: getBinaryNodeChild(part, 'enc') }));
    if (single !== undefined) parts.push({ jid: to, sealed: single });
    for (const { jid, sealed } of parts) {
      const phone = this.phones.get(userOf(jid));
      if (phone === undefined || phone === device.owner || sealed === undefined) continue;
      const message = await phone.open(device, sealed);
      phone.inbox.push({ id, message, edit: edit ?? null });
    }
  }
}
