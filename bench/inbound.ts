import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Connection } from 'mongoose';
import pino from 'pino';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { sampleConversations } from '#channels/simulator/scripts.ts';
import { start as startEmbedded } from '#embedded-mongodb/start.ts';
import { createApp } from '#server/app.ts';
import { diskBlobs } from '#server/blobs/disk.ts';
import { paces } from '#server/pace.ts';
import { createSeal } from '#server/seal.ts';
import { connect } from '#server/store/connect.ts';
import { channelKinds, makerOf } from '#server/switchboard/kinds.ts';

/** A way from a customer's message to a console's socket. */
interface Target {
  name: string;
  /** Takes a message in; resolves when it is durable. */
  write(n: number): Promise<unknown>;
  /** Messages that the console has heard. */
  heard(): number;
  close(): Promise<void>;
}

interface Row {
  target: string;
  sent: number;
  heard: number;
  perSecond: number;
  cpuMsPerMessage: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    n: { type: 'string', default: '1000' },
    flight: { type: 'string', default: '64' },
    contacts: { type: 'string', default: '500' },
  },
});
const rounds = Number(values.rounds);
const n = Number(values.n);
const flight = Number(values.flight);
const contacts = Number(values.contacts);

const text = 'Bom dia, minha internet continua sem funcionar desde ontem à noite, podem verificar?';
const addressOf = (i: number): string => `+55419${String(i % contacts).padStart(8, '0')}`;

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
}

/** The whole product: simulator, transaction of message, ticket and history, bus, rooms, console socket. */
async function balcao(connection: Connection): Promise<Target> {
  const app = await createApp({
    connection,
    seal: createSeal('bench'),
    makerOf,
    channelKinds,
    samples: (language, template) => sampleConversations[language][template],
    paces,
    publicUrl: null,
    trustProxy: [],
    setupCode: 'BENCH',
    blobs: diskBlobs(mkdtempSync(join(tmpdir(), 'balcao-bench-media-'))),
    endpoints: { whatsapp: null, telegram: null, insecure: false },
    alone: true,
    dist: fileURLToPath(new URL('../dist', import.meta.url)),
    logger: pino({ level: 'error' }, pino.destination(2)),
    clock: Date.now,
  });
  const origin = await app.listen(0, '127.0.0.1');
  const body = {
    code: 'BENCH',
    language: 'pt-BR',
    company: 'B',
    timezone: 'UTC',
    name: 'Ana',
    email: 'a@b.co',
    password: 'longa senha',
    template: 'blank',
    sampleData: false,
  };
  const done = await fetch(`${origin}/api/v1/setup`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const { company } = (await done.json()) as { company: { id: string } };
  const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = io(origin, { transports: ['websocket'], extraHeaders: { cookie } });
  await connected(socket);
  let heard = 0;
  socket.on('ticket:changed', () => {
    heard += 1;
  });
  return {
    name: 'balcão: simulator to console',
    write: (i) => app.simulator.write(company.id, { as: 'whatsapp', from: addressOf(i), name: 'Sérgio', text }),
    heard: () => heard,
    async close() {
      socket.close();
      await app.close();
    },
  };
}

/** The floor: one document inserted, one event emitted, nothing else. */
async function raw(connection: Connection): Promise<Target> {
  const server = createServer();
  const sockets = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = io(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { transports: ['websocket'] });
  await connected(socket);
  let heard = 0;
  socket.on('line', () => {
    heard += 1;
  });
  const lines = connection.collection('lines');
  return {
    name: 'floor: insert + emit',
    async write(i) {
      await lines.insertOne({ from: addressOf(i), name: 'Sérgio', text, at: new Date() });
      sockets.emit('line', { from: addressOf(i), name: 'Sérgio', text });
    },
    heard: () => heard,
    async close() {
      socket.close();
      await sockets.close();
    },
  };
}

/** Closed loop: `flight` messages under way until `count` are stored and heard. */
async function load(target: Target, count: number): Promise<Row> {
  const before = target.heard();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await target.write(next++);
  };
  await Promise.all(Array.from({ length: flight }, lane));
  const deadline = performance.now() + 20_000;
  while (target.heard() - before < count && performance.now() < deadline) await new Promise((r) => setTimeout(r, 1));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    target: target.name,
    sent: count,
    heard: target.heard() - before,
    perSecond: count / seconds,
    cpuMsPerMessage: (user + system) / 1_000 / count,
  };
}

const sorted = (rows: number[]): number[] => [...rows].sort((a, b) => a - b);
const median = (rows: number[]): number => {
  const all = sorted(rows);
  const middle = Math.floor(all.length / 2);
  return all.length % 2 === 1 ? (all[middle] ?? 0) : ((all[middle - 1] ?? 0) + (all[middle] ?? 0)) / 2;
};
const spread = (rows: number[], digits: number): string =>
  [sorted(rows)[0], median(rows), sorted(rows).at(-1)].map((x) => (x ?? 0).toFixed(digits)).join(' / ');

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'balcao-bench-'));
  const given = process.env.MONGODB_URI;
  const database =
    given === undefined ? await startEmbedded({ dataDir, host: 'fork' }) : { uri: given, close: async () => undefined };
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const makers = round % 2 === 0 ? [raw, balcao] : [balcao, raw];
    for (const [index, maker] of makers.entries()) {
      const connection = await connect(database.uri, `bench_${round}_${index}`);
      const target = await maker(connection);
      await load(target, Math.min(n, contacts));
      rows.push(await load(target, n));
      await target.close();
      await connection.dropDatabase();
      await connection.close();
      process.stdout.write(`round ${round + 1}/${rounds} ${target.name}: ${rows.at(-1)?.perSecond.toFixed(0)} msg/s\n`);
    }
  }
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
  report(rows, given === undefined ? 'embedded' : 'MONGODB_URI');
}

function report(rows: Row[], database: string): void {
  const lost = rows.filter(({ sent, heard }) => sent !== heard);
  const of = (part: string): Row[] => rows.filter(({ target }) => target.startsWith(part));
  const [floor, product] = [of('floor'), of('balcão')];
  process.stdout.write(
    `\ndatabase ${database}, ${flight} in flight, ${contacts} contacts, n = ${n}, ${rounds} rounds, one console (min / median / max)\n`,
  );
  for (const list of [floor, product]) {
    const speed = spread(
      list.map((row) => row.perSecond),
      0,
    );
    const cpu = spread(
      list.map((row) => row.cpuMsPerMessage),
      2,
    );
    process.stdout.write(
      `${list[0]?.target.padEnd(32)} ${speed} msg/s   ${cpu} CPU ms/msg (this process: server, generator and console)\n`,
    );
  }
  const ratios = product.map((row, index) => row.perSecond / (floor[index]?.perSecond ?? Number.NaN));
  process.stdout.write(`product to floor, same round: ${spread(ratios, 3)}\n`);
  if (lost.length > 0) throw new Error(`excluded: ${lost.length} rows lost messages; find out why`);
}

await main();
