import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './planted-tree.ts';

/** Types of the wire and of plumbing, which are no words of the field. */
const plumbing = new Set([
  'Answer',
  'Catchup',
  'Direction',
  'FromVisitor',
  'ToConsole',
  'ToServer',
  'ToVisitor',
  'Page',
  'Me',
]);
const shape = /(Body|Page|List|Query|Item)$/;

function nouns(text: string): string[] {
  return [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1] ?? '');
}

function missing(glossary: string, sources: string[]): string[] {
  return sources
    .flatMap(nouns)
    .filter((noun) => !plumbing.has(noun) && !shape.test(noun) && !glossary.includes(`\`${noun}\``));
}

describe('the glossary', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
  const sources = readdirSync(join(root, 'shared'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'shared', name), 'utf8'));

  it('has every noun of shared', () => {
    expect(sources.flatMap(nouns).length).toBeGreaterThan(25);
    expect(missing(glossary, sources)).toEqual([]);
  });

  it('would miss a planted one', () => {
    expect(missing(glossary, [...sources, 'export interface Stopwatch {'])).toEqual(['Stopwatch']);
  });
});
