import { expect, it } from 'vitest';
import { Locks } from '#embedded-mongodb/transactions/locks.ts';

it('remembers what open transactions may ask for, and no more however long some is open', () => {
  const locks = new Locks();
  const holderNow = () => ({ finished: Promise.resolve(), sequence: locks.sequence });
  let open = holderNow();
  locks.begin(open);
  for (let i = 0; i < 100_000; i++) {
    locks.committed([`1:${i}`]);
    if (i % 100 !== 99) continue;
    // Transactions overlap: the next one begins before the last one ends.
    const next = holderNow();
    locks.begin(next);
    locks.end(open, []);
    open = next;
  }
  const before = locks.sequence;
  locks.committed(['1:7']);
  expect(locks.changedAfter('1:7', open.sequence)).toBe(true);
  expect(locks.changedAfter('1:7', before)).toBe(true);
  expect(locks.changedAfter('1:8', open.sequence)).toBe(false);
  expect(locks.remembered).toBeLessThan(20_001);
});
