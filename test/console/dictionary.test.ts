import { describe, expect, it } from 'vitest';
import { codes } from '#shared/errors.ts';
import { dictionary as english } from '#shared/text/en.ts';
import { dictionary as portuguese } from '#shared/text/pt-BR.ts';

/** Every sentence with its path: `inbox.more`, `inbox.unread.one`. */
function sentences(part: object, path: string[] = []): [string, string][] {
  return Object.entries(part).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[[...path, key].join('.'), value]] : sentences(value as object, [...path, key]),
  );
}

const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('the two dictionaries', () => {
  const pt = new Map(sentences(portuguese));
  const en = new Map(sentences(english));

  it('have the same sentences', () => {
    expect(pt.size).toBeGreaterThan(300);
    expect([...en.keys()].sort()).toEqual([...pt.keys()].sort());
  });

  it('leave no sentence empty and no place out', () => {
    for (const [path, text] of pt) {
      expect(text.trim(), path).not.toBe('');
      expect(en.get(path)?.trim(), path).not.toBe('');
      // A zero or one is told in words where a language prefers that.
      if (/\.(zero|one)$/.test(path)) continue;
      expect(places(en.get(path) ?? ''), path).toEqual(places(text));
    }
  });

  it('explain every code', () => {
    for (const code of codes) {
      expect(portuguese.errors[code], code).toBeTruthy();
      expect(english.errors[code], code).toBeTruthy();
    }
  });

  it('never call an atendimento a ticket, a chamado or a fila in Portuguese', () => {
    const own = ['acts', 'app', 'history', 'inbox', 'ticket'] as const;
    for (const area of own) {
      for (const [path, text] of sentences(portuguese[area], [area])) {
        const queue = area === 'app' && path.includes('offlineQueue');
        const onWay = path.startsWith('ticket.deliveries') || path === 'ticket.inQueue';
        expect(text, path).not.toMatch(queue || onWay ? /ticket|chamado/i : /ticket|chamado|\bfila\b/i);
      }
    }
  });
});
