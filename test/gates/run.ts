import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from './planted-tree.ts';

/** Runs a tool of the project in a folder; a non-zero exit is part of the answer, not an error. */
export function run(tool: 'biome' | 'eslint', args: string[], cwd: string): Promise<string> {
  const file = tool === 'biome' ? '@biomejs/biome/bin/biome' : 'eslint/bin/eslint.js';
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [join(root, 'node_modules', file), ...args], options, (error, stdout, stderr) => {
      if (stdout === '' && error !== null) reject(new Error(`${tool} says nothing: ${stderr}`));
      else resolve(stdout);
    });
  });
}

export interface Finding {
  rule: string;
  file: string;
}

/** What Biome finds in a folder, and how many files it looked at. */
export async function lint(cwd: string): Promise<{ findings: Finding[]; files: number }> {
  const report = JSON.parse(await run('biome', ['lint', '--reporter=json', '--max-diagnostics=none'], cwd));
  const findings = report.diagnostics.map(
    (one: { category: string; location: { path: string | { file: string } } }) => ({
      rule: one.category.split('/').pop() ?? '',
      file: typeof one.location.path === 'string' ? one.location.path : one.location.path.file,
    }),
  );
  return { findings, files: report.summary.changed + report.summary.unchanged };
}
