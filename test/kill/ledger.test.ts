import { describe, expect, it } from 'vitest';
import { clean, compare, type Line } from './ledger.ts';

const said: Line[] = ['a', 'b'].flatMap((chat) => [1, 2, 3, 4].map((n) => ({ chat, n })));
const seen = (change: (lines: Line[]) => void): Line[] => {
  const lines = said.map((line) => ({ ...line }));
  change(lines);
  return lines;
};

describe('the ledger', () => {
  it('is clean when all was seen once and in order, whatever the chats do to each other', () => {
    const mixed = [...said].sort((a, b) => a.n - b.n || (a.chat < b.chat ? -1 : 1));
    expect(compare(said, said)).toEqual(clean);
    expect(compare(said, mixed)).toEqual(clean);
  });
  it('finds a planted loss', () => {
    expect(
      compare(
        said,
        seen((lines) => lines.splice(5, 1)),
      ),
    ).toEqual({ ...clean, lost: [{ chat: 'b', n: 2 }] });
  });
  it('finds a planted duplicate, next to it and far away', () => {
    expect(
      compare(
        said,
        seen((lines) => lines.splice(1, 0, { chat: 'a', n: 1 })),
      ).twice,
    ).toEqual([{ chat: 'a', n: 1 }]);
    expect(
      compare(
        said,
        seen((lines) => lines.push({ chat: 'a', n: 2 })),
      ).twice,
    ).toEqual([{ chat: 'a', n: 2 }]);
  });
  it('finds a planted swap', () => {
    const swapped = seen((lines) => {
      [lines[1], lines[2]] = [lines[2]!, lines[1]!];
    });
    expect(compare(said, swapped)).toEqual({ ...clean, disorder: [{ chat: 'a', n: 2 }] });
  });
  it('finds a ghost', () => {
    expect(compare(said, [...said, { chat: 'c', n: 1 }]).ghosts).toEqual([{ chat: 'c', n: 1 }]);
  });
  it('takes an empty ledger for an error', () => {
    expect(() => compare([], [])).toThrow('empty');
  });
});
