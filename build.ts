import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, type InlineConfig, mergeConfig } from 'vite';
import console_ from './vite.config.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const stampFile = join(root, 'dist/build.json');
const inputs = ['console', 'shared', 'channels/webchat/widget', 'build.ts', 'vite.config.ts', 'package-lock.json'];
const widget = join(root, 'channels/webchat/widget');

/** Builds the console and, where its sources are, the web chat's widget into `dist`; nothing when their sources have not changed. */
async function main(): Promise<void> {
  const started = performance.now();
  const hash = hashOf(inputs);
  const withWidget = existsSync(join(widget, 'index.html'));
  if (isBuilt(hash, withWidget)) {
    say('build: unchanged');
    return;
  }
  rmSync(stampFile, { force: true });
  // vite builds for production unless NODE_ENV says otherwise; a server started for development serves the same files.
  process.env.NODE_ENV = 'production';
  await build(mergeConfig(console_, { configFile: false, logLevel: 'warn' } satisfies InlineConfig));
  if (withWidget) await buildWidget();
  for (const folder of ['dist/console', 'dist/widget/app']) compress(folder);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ hash }));
  const names = withWidget ? 'console and widget' : 'console';
  say(`build: ${names} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** The app of the chat window under `/widget/`, and the loader as one classic script without imports. */
async function buildWidget(): Promise<void> {
  const same = {
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    oxc: console_.oxc ?? {},
  } satisfies InlineConfig;
  const kept = { assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false };
  await build({
    ...same,
    root: widget,
    base: '/widget/',
    build: { ...kept, outDir: join(root, 'dist/widget/app'), emptyOutDir: true },
  });
  await build({
    ...same,
    root: widget,
    build: {
      ...kept,
      outDir: join(root, 'dist/widget'),
      emptyOutDir: false,
      lib: { entry: join(widget, 'loader.ts'), formats: ['iife'], name: 'balcao', fileName: () => 'widget.js' },
    },
  });
}

/** Each text beside itself as brotli and gzip: compressed once here, not at every request. */
function compress(folder: string): void {
  for (const file of filesUnder(folder)) {
    if (!/\.(js|css|html|json|svg)$/.test(file)) continue;
    const text = readFileSync(join(root, file));
    if (text.length < 1_024) continue;
    writeFileSync(join(root, `${file}.br`), brotliCompressSync(text));
    writeFileSync(join(root, `${file}.gz`), gzipSync(text, { level: 9 }));
  }
}

function isBuilt(hash: string, withWidget: boolean): boolean {
  const outputs = [
    'dist/console/index.html',
    ...(withWidget ? ['dist/widget/app/index.html', 'dist/widget/widget.js'] : []),
  ];
  if (!existsSync(stampFile) || !outputs.every((output) => existsSync(join(root, output)))) return false;
  return (JSON.parse(readFileSync(stampFile, 'utf8')) as { hash?: string }).hash === hash;
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  const entries = statSync(join(root, path)).isFile() ? null : readdirSync(join(root, path), { withFileTypes: true });
  if (entries === null) return [path];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
