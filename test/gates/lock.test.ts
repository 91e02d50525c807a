import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './planted-tree.ts';

interface Package {
  version: string;
  license?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

type Lock = Record<string, Package>;

const read = (): Lock => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Per-platform packages that the lock should hold and does not: such a lock is refused by `npm ci`. */
function missingPlatforms(lock: Lock): { missing: string[]; wanted: number } {
  const names = new Set(Object.keys(lock).map(nameOf));
  const wanted = Object.entries(lock).flatMap(([path, { version, optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).map((name) => ({ name, of: `${path} ${version}` })),
  );
  return {
    missing: wanted.filter(({ name }) => !names.has(name)).map(({ name, of }) => `${of} lacks ${name}`),
    wanted: wanted.length,
  };
}

/** Lowest versions without a known hole, for every copy in the lock. */
const lowest: Record<string, string> = {
  fastify: '5.12.1',
  mongoose: '9.7.2',
  preact: '10.28.2',
  'socket.io': '4.6.2',
  'socket.io-parser': '4.2.7',
  'engine.io': '6.6.7',
  ws: '8.21.0',
};
const forbidden = ['@fastify/middie', '@fastify/express', '@fastify/reply-from', 'http-proxy'];

const below = (version: string, least: string): boolean => {
  const [a, b] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (const [index, part] of (b ?? []).entries()) {
    const mine = a?.[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
};

function unsafe(lock: Lock): string[] {
  return Object.entries(lock).flatMap(([path, { version }]) => {
    const name = nameOf(path);
    const least = lowest[name];
    const bad = forbidden.includes(name) || (least !== undefined && below(version, least));
    return bad ? [`${path} ${version}`] : [];
  });
}

describe('the lock', () => {
  it('holds no registry address', () => {
    expect(Object.entries(read()).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('names every package of every platform', () => {
    const { missing, wanted } = missingPlatforms(read());
    expect(missing).toEqual([]);
    expect(wanted).toBeGreaterThan(20);
  });

  it('would be caught without one of them', () => {
    const lock = read();
    const platform = Object.keys(lock).find((path) => path.includes('@lmdb/lmdb-darwin-arm64'));
    delete lock[platform ?? ''];
    expect(missingPlatforms(lock).missing).toHaveLength(1);
  });

  it('holds one mongodb, one bson and one preact', () => {
    for (const name of ['mongodb', 'bson', 'preact']) {
      expect(Object.keys(read()).filter((path) => nameOf(path) === name)).toEqual([`node_modules/${name}`]);
    }
  });

  it('holds no version below the lowest safe one, and would name a planted one', () => {
    expect(unsafe(read())).toEqual([]);
    const planted = { ...read(), 'node_modules/x/node_modules/ws': { version: '8.20.9' } };
    expect(unsafe(planted)).toEqual(['node_modules/x/node_modules/ws 8.20.9']);
  });

  it('pins every direct dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+(-rc\d+)?$/.test(String(range)),
    );
    expect(loose).toEqual([]);
  });
});
