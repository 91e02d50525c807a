import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantedTree, root } from './planted-tree.ts';
import { lint, run } from './run.ts';

/** One wrong import a row; the path says where it stands. */
const wrong: [string, string][] = [
  ['shared/a.ts', "import 'node:fs';"],
  ['shared/b.ts', "import '../server/x.ts';"],
  ['shared/c.ts', "import '#server/x.ts';"],
  ['embedded-mongodb/a.ts', "import '#shared/x.ts';"],
  ['embedded-mongodb/query/b.ts', "import 'mongodb';"],
  ['channels/channel.ts', "import './webchat/webchat.ts';"],
  ['channels/support/a.ts', "import 'fastify';"],
  ['channels/simulator/a.ts', "import '../webchat/webchat.ts';"],
  ['channels/simulator/b.ts', "import '#server/bus.ts';"],
  ['channels/whatsapp/a.ts', "import 'telegraf';"],
  ['channels/whatsapp/b.ts', "import '../telegram/telegram.ts';"],
  ['channels/telegram/a.ts', "import '@whiskeysockets/baileys';"],
  ['channels/telegram/b.ts', "import '#server/bus.ts';"],
  ['channels/email/a.ts', "import 'fastify';"],
  ['channels/email/b.ts', "import '../whatsapp/whatsapp.ts';"],
  ['channels/webchat/a.ts', "import './widget/chat.tsx';"],
  ['channels/webchat/b.ts', "import 'socket.io';"],
  ['channels/webchat/widget/a.ts', "import 'node:fs';"],
  ['channels/webchat/widget/b.ts', "import '../webchat.ts';"],
  ['console/a.ts', "import 'node:fs';"],
  ['console/b.ts', "import '#channels/channel.ts';"],
  ['console/screens/c.ts', "import '../../server/bus.ts';"],
  ['server/desk/a.ts', "import 'mongoose';"],
  ['server/desk/b.ts', "import 'node:crypto';"],
  ['server/desk/c.ts', "import '../http/server.ts';"],
  ['server/desk/d.ts', "import { storeOf } from '../store/store.ts';\nstoreOf;"],
  ['server/desk/e.ts', "import type { Records } from '../store/tickets.ts';\nexport type A = Records;"],
  ['server/desk/tickets/f.ts', "import '../../switchboard/switchboard.ts';"],
  ['server/desk/g.ts', "import '#channels/webchat/webchat.ts';"],
  ['server/http/a.ts', "import '../live/live.ts';"],
  ['server/http/b.ts', "import '../store/store.ts';"],
  ['server/http/c.ts', "import 'socket.io';"],
  ['server/live/a.ts', "import '../http/server.ts';"],
  ['server/live/b.ts', "import 'fastify';"],
  ['server/jobs/a.ts', "import '../store/store.ts';"],
  ['server/jobs/b.ts', "import '../live/live.ts';"],
  ['server/store/a.ts', "import '../desk/desk.ts';"],
  ['server/store/b.ts', "import 'fastify';"],
  ['server/bus.ts', "import '#channels/webchat/webchat.ts';"],
  ['server/app.ts', "import '#embedded-mongodb/start.ts';"],
  ['server/desk/h.ts', "export { x } from '../http/server.ts';"],
  ['server/desk/i.ts', "export const x = () => import('../http/server.ts');"],
];

/** Imports that must stay silent, one a border. */
const right: [string, string][] = [
  ['server/desk/r1.ts', "import type { Store } from '../store/store.ts';\nexport type A = Store;"],
  ['server/desk/r2.ts', "import * as z from 'zod/mini';\nz;"],
  ['server/desk/tickets/r3.ts', "import { x } from '#shared/x.ts';\nx;"],
  ['server/http/r4.ts', "import { x } from '../desk/perform.ts';\nx;"],
  ['server/store/r5.ts', "import mongoose from 'mongoose';\nmongoose;"],
  ['server/main.ts', "import { start } from '#embedded-mongodb/start.ts';\nstart;"],
  ['channels/webchat/r6.ts', "import { x } from '../channel.ts';\nx;"],
  ['channels/webchat/widget/r7.ts', "import { x } from '#shared/x.ts';\nx;"],
  ['channels/whatsapp/r9.ts', "import { x } from '@whiskeysockets/baileys';\nx;"],
  ['channels/telegram/r10.ts', "import { x } from 'telegraf';\nx;"],
  ['channels/email/r11.ts', "import { x } from 'imapflow';\nx;"],
  ['embedded-mongodb/r8.ts', "import { open } from 'lmdb';\nopen;"],
];

describe('the borders between folders', () => {
  it('are named when a planted import crosses them, in every way of importing', async () => {
    const { findings } = await lint(plantedTree(Object.fromEntries(wrong)));
    const named = new Set(findings.filter(({ rule }) => rule === 'noRestrictedImports').map(({ file }) => file));
    expect(wrong.map(([file]) => file).filter((file) => !named.has(file))).toEqual([]);
  });

  it('stay silent on what is allowed', async () => {
    const { findings, files } = await lint(plantedTree(Object.fromEntries(right)));
    expect(files).toBeGreaterThanOrEqual(right.length);
    expect(findings.filter(({ rule }) => rule === 'noRestrictedImports')).toEqual([]);
  });
});

describe('budgets and habits', () => {
  const lines = (n: number): string => Array.from({ length: n }, (_, i) => `  f(${i});`).join('\n');
  const planted = {
    'server/long-file.ts': Array.from({ length: 301 }, (_, i) => `export const a${i} = ${i};`).join('\n'),
    'server/long-function.ts': `declare function f(n: number): void;\nexport function long(): void {\n${lines(65)}\n}\n`,
    'server/any.ts': 'export const a: any = 1;',
    'server/sure.ts': 'export const a = (b: { c?: string }) => b.c!.length;',
    'server/barrel.ts': "export * from './any.ts';",
    'server/noise.ts': "console.log('x');",
    'server/hushed.ts': 'export function f(): void {\n  try {\n    f();\n  } catch {}\n}\n',
    'server/cycle-a.ts': "import { b } from './cycle-b.ts';\nexport const a = () => b;",
    'server/cycle-b.ts': "import { a } from './cycle-a.ts';\nexport const b = () => a;",
    'server/undeclared.ts': "import x from 'left-pad';\nx;",
  };
  it.each([
    ['noExcessiveLinesPerFile', 'server/long-file.ts'],
    ['noExcessiveLinesPerFunction', 'server/long-function.ts'],
    ['noExplicitAny', 'server/any.ts'],
    ['noNonNullAssertion', 'server/sure.ts'],
    ['noReExportAll', 'server/barrel.ts'],
    ['noConsole', 'server/noise.ts'],
    ['noEmptyBlockStatements', 'server/hushed.ts'],
    ['noImportCycles', 'server/cycle-a.ts'],
    ['noUndeclaredDependencies', 'server/undeclared.ts'],
  ])('%s fires on a planted fault', async (rule, file) => {
    const { findings } = await lint(plantedTree(planted));
    expect(findings).toContainEqual({ rule, file });
  });
});

describe('promises', () => {
  it('nobody waits for are named: a local call, void, forEach, a mongoose query, an async listener', async () => {
    const tree = plantedTree({
      'server/floating.ts': 'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n',
      'server/voided.ts': 'async function f(): Promise<void> {}\nexport function g(): void {\n  void f();\n}\n',
      'server/each.ts': 'export const g = (a: number[]): void => a.forEach(async () => undefined);\n',
      'server/close.ts':
        "import type { Connection } from 'mongoose';\nexport const g = (c: Connection): void => {\n  c.close();\n};\n",
      'server/store/query.ts':
        "import type { Model } from 'mongoose';\nexport const g = (m: Model<object>): void => {\n  m.deleteOne({});\n};\n",
    });
    const report: { filePath: string; messages: { ruleId: string }[] }[] = JSON.parse(
      await run('eslint', ['.', '--format', 'json'], tree),
    );
    const named = report.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId }) => `${filePath.split('/').pop()} ${ruleId}`),
    );
    const rule = '@typescript-eslint/';
    expect(named.sort()).toEqual([
      `close.ts ${rule}no-floating-promises`,
      `each.ts ${rule}no-misused-promises`,
      `floating.ts ${rule}no-floating-promises`,
      `query.ts ${rule}no-floating-promises`,
      `voided.ts ${rule}no-floating-promises`,
    ]);
  });
});

describe('the gates themselves', () => {
  const folders = ['server', 'channels', 'console', 'shared', 'embedded-mongodb', 'test', 'bench'];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );

  it('look at every source file: a gate that checked nothing would be green', async () => {
    const { files } = await lint(root);
    expect(sources.length).toBeGreaterThan(100);
    expect(files).toBeGreaterThanOrEqual(sources.length);
  });

  it('look at every source file for promises that nobody waits for, and find none', async () => {
    const report: { filePath: string; messages: { ruleId: string; line: number; message: string }[] }[] = JSON.parse(
      await run('eslint', ['.', '--format', 'json'], root),
    );
    const seen = new Set(report.map(({ filePath }) => filePath));
    expect(sources.filter((file) => !seen.has(file))).toEqual([]);
    const found = report.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, message }) => `${filePath}:${line} ${ruleId} ${message}`),
    );
    expect(found).toEqual([]);
  });
});
