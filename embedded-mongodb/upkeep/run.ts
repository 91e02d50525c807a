import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockFolder } from '../lock-file.ts';
import { backup, checkFile } from './backup.ts';
import type { Report } from './check.ts';

// `npm run db:check` verifies a stopped database, `npm run db:backup DIR` copies one, running or not.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } });
const [act, target] = positionals;
const dataDir = values.data ?? process.env.DATA_DIR ?? './data';

try {
  const report = act === 'check' ? await checked() : await copied();
  for (const fault of report.faults.slice(0, 100)) process.stderr.write(`${fault}\n`);
  process.stdout.write(
    `${report.collections} collections, ${report.documents} documents, ${report.keys} index keys, ${report.faults.length} faults\n`,
  );
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function checked(): Promise<Report> {
  const folder = join(dataDir, 'db');
  if (!existsSync(join(folder, 'data.mdb'))) throw new Error(`there is no database in ${dataDir}`);
  const lock = lockFolder(folder, false);
  try {
    return await checkFile(join(folder, 'data.mdb'));
  } finally {
    lock.release();
  }
}

async function copied(): Promise<Report> {
  if (act !== 'backup' || target === undefined) throw new Error('usage: check | backup DIR, with --data DIR');
  return await backup(dataDir, target);
}
