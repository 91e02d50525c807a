import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A tree of planted files under the project's own configuration, for seeing the gates fire; gone with its test. */
export function plantedTree(files: Record<string, string>): string {
  const tree = mkdtempSync(join(tmpdir(), 'balcao-gates-'));
  onTestFinished(() => rmSync(tree, { recursive: true, force: true }));
  for (const name of ['package.json', 'tsconfig.json', 'eslint.config.js']) cpSync(join(root, name), join(tree, name));
  const biome = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(tree, 'biome.json'), JSON.stringify({ ...biome, vcs: { enabled: false } }));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
}
