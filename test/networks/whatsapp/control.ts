import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LinkedDevice } from './device.ts';
import type { Phone } from './phone.ts';
import type { FakeWhatsApp, Faults } from './server.ts';

/** The company's phone of a fake that is driven by hand. */
export const ownNumber = '5511900001111';

/**
 * Drives a fake by HTTP, for trying the product by hand and from other processes:
 * `POST /scan {qr}` or `{code}` links what is being paired to the company's phone; `POST /send {from, text, name?, as?}`
 * makes a customer write; `POST /fault {…}` sets faults, `{"cut": true}` drops every connection, `{"replaced": true}`
 * takes the device over; `GET /inbox?of=<number>` is what a customer got. Answers JSON.
 */
export class Control {
  private readonly fake: FakeWhatsApp;
  private readonly owner: Phone;
  private readonly server: Server;

  constructor(fake: FakeWhatsApp) {
    this.fake = fake;
    this.owner = fake.phone(ownNumber, '11223344556677', 'Acme');
    this.server = createServer((request, response) => {
      this.handle(request).then(
        (value) => reply(response, 200, value),
        (error: unknown) => reply(response, 400, { error: String(error) }),
      );
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (request.method === 'GET' && url.pathname === '/inbox') return this.inbox(url.searchParams.get('of') ?? '');
    const body: unknown = JSON.parse((await text(request)) || '{}');
    if (typeof body !== 'object' || body === null) throw new Error('a JSON object is wanted');
    const given = new Map<string, unknown>(Object.entries(body));
    if (request.method === 'POST' && url.pathname === '/scan') return await this.scan(given);
    if (request.method === 'POST' && url.pathname === '/send') return await this.send(given);
    if (request.method === 'POST' && url.pathname === '/fault') return this.fault(given, body);
    throw new Error('unknown address');
  }

  private async scan(given: Map<string, unknown>): Promise<unknown> {
    const [qr, code] = [given.get('qr'), given.get('code')];
    if (typeof qr === 'string') this.fake.scan(qr, this.owner);
    else if (typeof code === 'string') await this.fake.type(code, this.owner);
    else throw new Error('qr or code is wanted');
    return { linked: `+${ownNumber}` };
  }

  private async send(given: Map<string, unknown>): Promise<unknown> {
    const [from, said, name] = [given.get('from'), given.get('text'), given.get('name')];
    if (typeof from !== 'string' || typeof said !== 'string') throw new Error('from and text are wanted');
    const number = from.replace(/\D/g, '');
    const called = typeof name === 'string' ? name : 'Cliente';
    const phone = this.fake.phoneOf(number) ?? this.fake.phone(number, `9${number}`, called);
    const as = given.get('as') === 'lid' ? 'lid' : 'number';
    return { id: await phone.say(this.device(), { conversation: said }, { name: called, as }) };
  }

  private inbox(number: string): unknown {
    const phone = this.fake.phoneOf(number.replace(/\D/g, ''));
    return { got: phone?.inbox ?? [], receipts: phone?.receipts ?? [], states: phone?.states ?? [] };
  }

  private fault(given: Map<string, unknown>, body: object): Faults {
    if (given.get('cut') === true) this.fake.dropAll();
    if (given.get('replaced') === true) this.fake.replace(this.device());
    const known = Object.entries(body).filter(([name]) => name in this.fake.faults);
    Object.assign(this.fake.faults, Object.fromEntries(known));
    return this.fake.faults;
  }

  private device(): LinkedDevice {
    const devices = [...this.fake.devices.values()].filter(({ loggedOut }) => !loggedOut);
    const device = devices.at(-1);
    if (device === undefined) throw new Error('nothing is linked yet');
    return device;
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
