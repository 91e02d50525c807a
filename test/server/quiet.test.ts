import { expect, it } from 'vitest';
import { createQuiet } from '#server/switchboard/quiet.ts';

const { signal } = new AbortController();

it('one works alone, the next alone after it, and the others begin when all of them have ended', async () => {
  const quiet = createQuiet();
  const order: string[] = [];
  const alone = (name: string) =>
    quiet.alone(signal, async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    });
  await quiet.over();
  const works = [alone('a'), alone('b')];
  const other = quiet.over().then(() => order.push('other'));
  await Promise.all([...works, other]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'other']);
});

it('a work that fails holds nobody, and one that was given up is not begun', async () => {
  const quiet = createQuiet();
  const failing = quiet.alone(signal, async () => {
    throw new Error('poison');
  });
  const gone = new AbortController();
  const given = quiet.alone(gone.signal, async () => 'done');
  gone.abort();
  await expect(failing).rejects.toThrow('poison');
  await expect(given).rejects.toThrow('aborted');
  await quiet.over();
});
