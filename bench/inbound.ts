import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { start as startEmbedded } from '#embedded-mongodb/start.ts';
import { connect } from '#server/store/connect.ts';
import { email } from './targets/email.ts';
import { floor } from './targets/floor.ts';
import { simulator } from './targets/simulator.ts';
import type { Kind, Target } from './targets/target.ts';
import { telegram } from './targets/telegram.ts';
import { whatsapp } from './targets/whatsapp.ts';

// From a customer's message to a console's socket, a row for each way in, beside the bare floor of the same round. On a
// shared machine only the ratios say anything. The networks are fakes on loopback within this process, so that their
// work is counted as well.
//
//   node --import tsx bench/inbound.ts                                  every way in, five rounds
//   node --import tsx bench/inbound.ts --only telegram,email --rounds 3
//
// `--n` messages a round and `--contacts` customers (else what suits each network: compare only rows of equal n),
// `--flight` messages under way at once. With MONGODB_URI on that database, else on an embedded one.

interface Row {
  kind: Kind;
  sent: number;
  heard: number;
  perSecond: number;
  cpuMsPerMessage: number;
}

const kinds = { simulator, telegram, email, whatsapp } as const;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    n: { type: 'string' },
    flight: { type: 'string', default: '64' },
    contacts: { type: 'string' },
    only: { type: 'string', default: 'all' },
  },
});
const rounds = Number(values.rounds);
const flight = Number(values.flight);

/** The kinds that were asked for, after the floor. */
function chosen(): Kind[] {
  const names = values.only === 'all' ? Object.keys(kinds) : values.only.split(',');
  return [
    floor,
    ...names.map((name) => {
      if (!(name in kinds)) throw new Error(`--only knows ${Object.keys(kinds).join(', ')} and all`);
      return kinds[name as keyof typeof kinds];
    }),
  ];
}

/** Closed loop: `flight` messages under way until `count` are stored and heard. */
async function load(kind: Kind, target: Target, count: number): Promise<Row> {
  const before = target.heard();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await target.write(next++);
  };
  await atMost(120_000, Promise.all(Array.from({ length: flight }, lane)));
  const deadline = performance.now() + 20_000;
  while (target.heard() - before < count && performance.now() < deadline) await new Promise((r) => setTimeout(r, 1));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    kind,
    sent: count,
    heard: target.heard() - before,
    perSecond: count / seconds,
    cpuMsPerMessage: (user + system) / 1_000 / count,
  };
}

/** A message that is lost would be waited for without end: its row is excluded instead. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  await Promise.race([work, late]);
  over.abort();
}

async function main(): Promise<void> {
  const order = chosen();
  const dataDir = mkdtempSync(join(tmpdir(), 'balcao-bench-'));
  const given = process.env.MONGODB_URI;
  const database =
    given === undefined ? await startEmbedded({ dataDir, host: 'fork' }) : { uri: given, close: async () => undefined };
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // No target is always the first one.
    for (const [index, kind] of (round % 2 === 0 ? order : [...order].reverse()).entries()) {
      const connection = await connect(database.uri, `bench_${round}_${index}`);
      const contacts = Number(values.contacts ?? kind.contacts);
      const n = Number(values.n ?? kind.n);
      const target = await kind.open(connection, contacts);
      await load(kind, target, Math.min(n, contacts));
      rows.push(await load(kind, target, n));
      await target.close();
      await connection.dropDatabase();
      await connection.close();
      process.stdout.write(`round ${round + 1}/${rounds} ${kind.name}: ${rows.at(-1)?.perSecond.toFixed(0)} msg/s\n`);
    }
  }
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
  report(order, rows, given === undefined ? 'embedded' : 'MONGODB_URI');
}

const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: number[]): number => {
  const all = sorted(numbers);
  const middle = Math.floor(all.length / 2);
  return all.length % 2 === 1 ? (all[middle] ?? 0) : ((all[middle - 1] ?? 0) + (all[middle] ?? 0)) / 2;
};
const spread = (numbers: number[], digits: number): string =>
  [sorted(numbers)[0], median(numbers), sorted(numbers).at(-1)].map((x) => (x ?? 0).toFixed(digits)).join(' / ');

function report(order: Kind[], rows: Row[], database: string): void {
  const of = (kind: Kind): Row[] => rows.filter((row) => row.kind === kind);
  const bare = of(floor);
  process.stdout.write(
    `\ndatabase ${database}, ${flight} in flight, ${rounds} rounds, one console; min / median / max\n`,
  );
  process.stdout.write('CPU: of this process (server, network, generator and console), not of the database\n\n');
  process.stdout.write(
    '| way in | n | msg/s | CPU ms/msg | msg/s to floor | CPU to floor |\n| --- | --- | --- | --- | --- | --- |\n',
  );
  for (const kind of order) {
    const list = of(kind);
    const speeds = list.map(({ perSecond }) => perSecond);
    const cpus = list.map(({ cpuMsPerMessage }) => cpuMsPerMessage);
    const cells = [
      kind.name,
      list[0]?.sent ?? 0,
      spread(speeds, 0),
      spread(cpus, 2),
      spread(
        speeds.map((speed, round) => speed / (bare[round]?.perSecond ?? Number.NaN)),
        3,
      ),
      spread(
        cpus.map((cpu, round) => cpu / (bare[round]?.cpuMsPerMessage ?? Number.NaN)),
        1,
      ),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
  const lost = rows.filter(({ sent, heard }) => sent !== heard);
  for (const { kind, sent, heard } of lost)
    process.stderr.write(`excluded: ${kind.name} sent ${sent}, heard ${heard}\n`);
  if (lost.length > 0) throw new Error('some rows did not hear each message once; find out why');
}

await main();
