import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type MailDraft, PostOffice } from './post-office.ts';
import { bytesOf, listening } from './sockets.ts';

/**
 * A post office to play with, started by hand: `node --import tsx test/networks/mail/main.ts [address] [password]`.
 * Prints one line of JSON with its places. `POST /deliver` takes a mail as JSON (nodemailer's fields) or as
 * message/rfc822; `GET /sent` lists what was sent, `GET /inbox` what lies in INBOX.
 */
const office = await PostOffice.open(process.argv[2], process.argv[3]);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === 'POST /deliver') {
    const body = await bytesOf(request);
    const raw = request.headers['content-type'] === 'message/rfc822';
    const uid = raw ? office.imap.deliver(body) : await office.receive(JSON.parse(body.toString()) as MailDraft);
    return json(response, 201, { uid });
  }
  if (route === 'GET /sent') {
    const sent = office.smtp.sent.map(({ from, to, raw }) => ({ from, to, raw: raw.toString() }));
    return json(response, 200, sent);
  }
  if (route === 'GET /inbox') {
    const inbox = office.imap.messages().map(({ uid, raw }) => ({ uid, raw: raw.toString() }));
    return json(response, 200, inbox);
  }
  return json(response, 404, { error: 'POST /deliver, GET /sent, GET /inbox' });
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const control = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => json(response, 400, { error: String(error) }));
});
const controlPort = await listening(control, () => control.listen(0, '127.0.0.1'));
process.stdout.write(`${JSON.stringify({ control: `http://127.0.0.1:${controlPort}`, ...office.settings() })}\n`);

async function end(): Promise<void> {
  control.closeAllConnections();
  control.close();
  await office.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    end().catch(() => process.exit(1));
  });
}
