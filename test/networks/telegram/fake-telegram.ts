import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { botUser, type Chat, Chats } from './chats.ts';
import { Customer } from './customer.ts';
import { type Fault, FaultList } from './faults.ts';
import { type Input, readInput } from './input.ts';
import { ApiRefusal, methods } from './methods.ts';
import { UpdateQueue } from './update-queue.ts';

/** One call as it came in. */
export interface Call {
  method: string;
  input: Record<string, unknown>;
  /** ms since 1970. */
  at: number;
}

/** A Bot API on loopback with one bot, its customers, and whatever goes wrong. */
export class FakeTelegram {
  readonly token = `${botUser.id}:AAE-fake-token_of-the-test-bot-0123`;
  readonly botId = String(botUser.id);
  readonly chats = new Chats();
  readonly updates = new UpdateQueue();
  readonly faults = new FaultList();
  readonly calls: Call[] = [];
  webhook = '';
  private readonly server: Server;
  private port = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<FakeTelegram> {
    const fake = new FakeTelegram();
    await fake.listen();
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens on loopback: the first time on a free port, later on the same one. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', resolve);
    });
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  /** Refuses connections and cuts those that are open; what the network keeps stays. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  customer(id: number, name: string): Customer {
    return new Customer(this.chats, this.updates, this.chats.of(id, name));
  }

  /** What the customer of this chat sees. */
  chat(id: number): Chat {
    return this.chats.of(id);
  }

  called(method: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map(({ input }) => input);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.url).pathname;
    const download = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    if (download !== null) {
      this.download(response, download[1] ?? '', decodeURIComponent(download[2] ?? ''));
      return;
    }
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    const fault = this.faults.next(method);
    if (fault?.type === 'cut' && fault.taken !== true) return fail(response, fault);
    if (fault?.type === 'html' && fault.early === true) return fail(response, fault);
    const input = await readInput(request);
    this.calls.push({ method, input: input.shown(), at: Date.now() });
    if (fault !== null && fault.type !== 'answer' && fault.taken !== true) return fail(response, fault);
    if (token !== this.token) return refuse(response, new ApiRefusal(401, 'Unauthorized'));
    if (fault?.type === 'answer') {
      return refuse(response, new ApiRefusal(fault.status, fault.description, fault.parameters));
    }
    if (method === 'getUpdates') return this.poll(response, input, fault);
    try {
      const result = this.run(method, input);
      if (fault === null) reply(response, 200, { ok: true, result });
      else fail(response, fault);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      refuse(response, error);
    }
  }

  private run(method: string, input: Input): unknown {
    if (method === 'setWebhook' || method === 'deleteWebhook') {
      this.webhook = method === 'setWebhook' ? (input.text('url') ?? '') : '';
      if (this.webhook !== '') this.updates.abort();
      return true;
    }
    if (method === 'getWebhookInfo') {
      return { url: this.webhook, has_custom_certificate: false, pending_update_count: this.updates.pending };
    }
    const known = methods[method];
    if (known === undefined) throw new ApiRefusal(404, 'Not Found');
    return known(this.chats, input);
  }

  private poll(response: ServerResponse, input: Input, fault: Fault | null): void {
    if (this.webhook !== '') {
      const text =
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
      refuse(response, new ApiRefusal(409, text));
      return;
    }
    const allowed = input.json('allowed_updates');
    const poll = {
      limit: input.number('limit') ?? 100,
      allowed: Array.isArray(allowed) ? allowed.map(String) : null,
      answer: (result: unknown) =>
        fault === null ? reply(response, 200, { ok: true, result }) : fail(response, fault),
      conflict: () => refuse(response, new ApiRefusal(409, terminated)),
    };
    response.once('close', () => this.updates.leave(poll));
    this.updates.begin(input.number('offset') ?? 0, input.number('timeout') ?? 0, poll);
  }

  private download(response: ServerResponse, token: string, path: string): void {
    const fault = this.faults.next('file');
    const file = [...this.chats.files.values()].find((one) => one.path === path);
    if (fault?.type === 'answer' || token !== this.token || file === undefined) {
      const { status, description } = fault?.type === 'answer' ? fault : { status: 404, description: 'Not Found' };
      refuse(response, new ApiRefusal(status, description));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length });
    if (fault === null) {
      response.end(file.bytes);
      return;
    }
    // A fault of a download: half of the file, then silence or a cut.
    response.write(file.bytes.subarray(0, Math.ceil(file.bytes.length / 2)), () => {
      if (fault.type === 'cut') response.destroy();
    });
  }
}

const terminated = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

/** Resets the connection, as a cut does; only a clean end would look like an answer that was empty. */
function fail(response: ServerResponse, fault: Fault): void {
  if (fault.type === 'cut') response.socket?.resetAndDestroy();
  if (fault.type !== 'html') return;
  response.writeHead(fault.status, { 'content-type': 'text/html' });
  response.end(`<html><body><h1>${fault.status}</h1></body></html>`);
}

function refuse(response: ServerResponse, { status, message, parameters }: ApiRefusal): void {
  reply(response, status, { ok: false, error_code: status, description: message, ...(parameters && { parameters }) });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
