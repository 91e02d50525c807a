import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Document, MongoClient } from 'mongodb';
import { start } from '#embedded-mongodb/start.ts';
import { startCeiling } from './embedded/ceiling.ts';
import { ALONE, type Bench, inboundCpu, POINTS, prepare } from './embedded/measures.ts';
import { median, rate } from './embedded/rate.ts';
import { Raw } from './embedded/raw.ts';
import { reopened } from './embedded/reopened.ts';
import { stalls } from './embedded/stalls.ts';

// The embedded database against what bounds it, side by side in one run: a server of the same wire code that answers
// canned replies and puts its writes into LMDB without a look at them, and LMDB alone. Only the ratios say anything.
// A first round is not counted, for both sides are still being compiled. `--large N` works on a million documents or so
// and watches who waits.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '400' },
    clients: { type: 'string', default: '1,10,64' },
    large: { type: 'string', default: '0' },
  },
});
const ms = Number(values.ms);
const lanes = values.clients.split(',').map(Number);

/** Ratios of a measure, by its name. */
const ratios = new Map<string, number[]>();
const figures = new Map<string, (readonly [number, number])[]>();

function note(name: string, ours: number, bound: number): void {
  ratios.set(name, [...(ratios.get(name) ?? []), ours / bound]);
  figures.set(name, [...(figures.get(name) ?? []), [ours, bound]]);
}

/** Both one after the other, the other one first in the next round. */
async function pair(bench: Bench, ceiling: MongoClient): Promise<void> {
  for (const many of lanes)
    for (const { name, run } of POINTS) {
      const measure = (client: MongoClient): Promise<number> => {
        const rows = client.db('bench').collection<Document>('tickets');
        return rate((i) => run(rows, i), many, ms);
      };
      const first = bench.round % 2 === 0 ? await measure(bench.ours) : 0;
      const bound = await measure(ceiling);
      note(`${name} ${many}`, first === 0 ? await measure(bench.ours) : first, bound);
    }
}

function line(name: string, goal: string, unit: string, key = name): string {
  const all = ratios.get(key) ?? [];
  const ours = median((figures.get(key) ?? []).map(([figure]) => figure));
  const bound = median((figures.get(key) ?? []).map(([, figure]) => figure));
  const range = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
  return `${name.padEnd(62)} ${ours.toFixed(0).padStart(9)} to ${bound.toFixed(0).padStart(9)} ${unit.padEnd(12)} = ${median(all).toFixed(3)} (${range}), goal ${goal}\n`;
}

async function compare(ours: MongoClient, ceiling: MongoClient, raw: Raw): Promise<void> {
  let cpu: number[] = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    if (round === 1) {
      ratios.clear();
      figures.clear();
      cpu = [];
    }
    const bench = { ours, raw, ms, round };
    await pair(bench, ceiling);
    for (const { name, run } of ALONE) note(name, ...(await run(bench)));
    cpu.push(await inboundCpu(ours, ms * 3));
    process.stderr.write(`round ${round} of ${values.rounds}\n`);
  }
  for (const { name, goal } of POINTS)
    for (const many of lanes)
      process.stdout.write(line(`${name}, ${many} clients`, `>= ${goal} with 10`, 'a second', `${name} ${many}`));
  for (const { name, goal, unit } of ALONE) process.stdout.write(line(name, goal, unit));
  process.stdout.write(
    `processor time of the server for an inbound event: ${median(cpu).toFixed(2)} ms, goal <= 0.4\n`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-bench-'));
  const database = await start({ dataDir: folder, host: 'fork', testCommands: true });
  const ours = await MongoClient.connect(database.uri, { maxPoolSize: 64 });
  const raw = new Raw(folder);
  await prepare(ours, raw);
  if (Number(values.rounds) > 0) {
    const tickets = ours.db('bench').collection<Document>('tickets');
    const stored = Buffer.from((await tickets.findOne({ key: 1 }, { raw: true })) as unknown as Uint8Array);
    const ceiling = await startCeiling(folder, 'bench.tickets', await ours.db().command({ hello: 1 }), stored);
    const bound = await MongoClient.connect(ceiling.uri, { maxPoolSize: 64 });
    await compare(ours, bound, raw);
    await bound.close();
    await ceiling.close();
  }
  if (Number(values.large) > 0) await stalls(ours, Number(values.large));
  await raw.close();
  await ours.close();
  await database.close();
  if (Number(values.large) > 0) await reopened(join(folder, 'reopened'), Number(values.large));
  rmSync(folder, { recursive: true, force: true });
}

await main();
