import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '../storage/environment.ts';
import { check, type Report } from './check.ts';

/**
 * Copies the database of a data folder into another one, also while it is being written, and checks the copy. The copy
 * is a data folder by itself. Throws when the target holds something or when the copy has a fault.
 */
export async function backup(dataDir: string, target: string): Promise<Report> {
  const source = join(dataDir, 'db', 'data.mdb');
  if (!existsSync(source)) throw new Error(`there is no database in ${dataDir}`);
  const folder = join(target, 'db');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`);
  const env = new Environment(source);
  try {
    await env.backup(join(folder, 'data.mdb'));
  } finally {
    await env.close();
  }
  const report = await checkFile(join(folder, 'data.mdb'));
  if (report.faults.length > 0) throw new Error(`the copy has faults: ${report.faults.slice(0, 10).join('; ')}`);
  return report;
}

/** Opens a file that nobody writes and checks it. */
export async function checkFile(path: string): Promise<Report> {
  const env = new Environment(path);
  try {
    return check(env);
  } finally {
    await env.close();
  }
}
