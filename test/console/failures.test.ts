import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { channels } from '#shared/text/pt-BR/channels.ts';
import { failures } from '#shared/text/pt-BR/failures.ts';

/** Quoted words of these shapes that are no code: files, hosts of providers, acts, news between parts of the server. */
const others =
  /^(mail\.(eml|html|[a-z-]+\.(com|net|br))|media\.(see|upload)|channel\.(add|changed|edit|guess|in-use|list|manage|not-found|pair|probe|read|reconnect|remove|test|trouble|troubled))$/;
/** Codes that come together only at run time, or from the server itself. */
const more = [
  'channel.interrupted',
  'channel.refused',
  'channel.owned-elsewhere',
  'channel.used-elsewhere',
  'internal',
];

function codesIn(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.ts$/.test(entry.name)) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, code = ''] of source.matchAll(/'((?:whatsapp|telegram|mail|channel|media|service)\.[a-z.-]+)'/g)) {
      found.push(code);
    }
    for (const [, code = ''] of source.matchAll(/(?:missing|reason): '([a-z-]+)'/g)) found.push(code);
  }
  return found;
}

describe('the codes of the channels', () => {
  const codes = new Set([...codesIn('channels'), ...more]);

  it('have a sentence each', () => {
    expect(codes.size).toBeGreaterThan(70);
    const silent = [...codes].filter((code) => {
      const step = code in channels.checkSteps;
      return !(others.test(code) || step || code in failures);
    });
    expect(silent).toEqual([]);
  });
});
