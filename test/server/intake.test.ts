import { describe, expect, it } from 'vitest';
import type { Arrival } from '#server/desk/tickets/arrival.ts';
import { intakeOf } from '#server/switchboard/intake.ts';
import { story } from '../support/story.ts';

const arrival = (n: number, value: unknown = `i-${n % 3}`): Arrival => ({
  type: 'message',
  key: `i-${n}`,
  externalId: `i-${n}`,
  conversation: `i-${n % 3}`,
  from: { identities: [{ kind: 'phone', value: value as string }], name: 'Ivo', address: `i-${n % 3}` },
  at: '2026-11-25T12:00:00.000Z',
  content: { text: `${n}` },
});

describe('intake', async () => {
  const { app, admin } = await story();
  const desk = await app.deskOf((await admin.get('/me')).body.company.id);
  const channel = (await desk.store.channels.all()).find(({ kind }) => kind === 'telegram');
  if (channel === undefined) throw new Error('no channel');

  it('takes what piles up in order, and a poisoned message costs the others nothing', async () => {
    const intake = intakeOf(desk, channel);
    const poisoned = 50;
    const calls = Array.from({ length: 100 }, (_, n) =>
      intake.take(n === poisoned ? arrival(n, { $gt: '' }) : arrival(n)),
    );
    const ends = await Promise.allSettled(calls);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(ends[poisoned]?.status).toBe('rejected');
    for (const who of [0, 1, 2]) {
      const ticket = await desk.store.tickets.lastIn(channel.id, `i-${who}`);
      const messages = await desk.store.messages.ofTicket(ticket?.id ?? '', null, 500);
      const numbers = messages.map(({ content }) => Number(content.text)).reverse();
      const wanted = Array.from({ length: 100 }, (_, n) => n).filter((n) => n % 3 === who && n !== poisoned);
      expect(numbers).toEqual(wanted);
    }
    expect(await intake.take(arrival(7))).toBe('known');
  });
});
