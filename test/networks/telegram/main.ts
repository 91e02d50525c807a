import { createServer, type IncomingMessage } from 'node:http';
import { FakeTelegram } from './fake-telegram.ts';
import { readInput } from './input.ts';

// Started by hand: prints where the Bot API is and its token, then takes orders by HTTP until it is interrupted.
//   POST /control/write {"chat":42,"name":"Ana Paula","text":"Bom dia"}
//   POST /control/fault {"method":"sendMessage","fault":{"type":"cut","taken":true},"times":1}
//   GET  /control/chats/42

const fake = await FakeTelegram.start();
fake.customer(42, 'Ana Paula');

const control = createServer((request, response) => {
  order(request).then(
    (answer) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    (error: unknown) => response.writeHead(400).end(String(error)),
  );
});

async function order(request: IncomingMessage): Promise<unknown> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const chatId = /^\/control\/chats\/(-?\d+)$/.exec(path)?.[1];
  if (chatId !== undefined)
    return { ...fake.chat(Number(chatId)), messages: fake.chat(Number(chatId)).messages.map(shown) };
  const input = await readInput(request);
  if (path === '/control/write') {
    const customer = fake.customer(input.number('chat') ?? 42, input.text('name') ?? 'Ana Paula');
    return customer.write(input.text('text') ?? 'oi');
  }
  if (path !== '/control/fault') throw new Error(`no such order: ${path}`);
  const fault = JSON.parse(JSON.stringify(input.record('fault')));
  fake.faults.plan(input.text('method') ?? 'sendMessage', fault, input.number('times') ?? 1);
  return { planned: true };
}

function shown({ wire: _wire, file, ...seen }: ReturnType<FakeTelegram['chat']>['messages'][number]) {
  return { ...seen, file: file === null ? null : { ...file, bytes: file.bytes.length } };
}

control.listen(0, '127.0.0.1', () => {
  const address = control.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  process.stdout.write(`Bot API  ${fake.url}\ntoken    ${fake.token}\ncontrol  http://127.0.0.1:${port}/control\n`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    control.close();
    control.closeAllConnections();
    fake.stop().catch((error: unknown) => process.stderr.write(`${error}\n`));
  });
}
