import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desk, KeptChannel } from '#server/desk/desk.ts';
import { firstBroken } from '#server/desk/history.ts';
import type { Arrival } from '#server/desk/tickets/arrival.ts';
import { receive } from '#server/desk/tickets/receive.ts';
import { createSeal } from '#server/seal.ts';
import { story } from '../../support/story.ts';

interface Said {
  who: number;
  key: number;
  text: string;
}

const arrivalOf = (run: string, { who, key, text }: Said): Arrival => ({
  type: 'message',
  key: `${run}-${key}`,
  externalId: `${run}-${key}`,
  conversation: `${run}-${who}`,
  from: { identities: [{ kind: 'phone', value: `${run}-${who}` }], name: `Cliente ${who}`, address: `${run}-${who}` },
  at: '2026-11-25T12:00:00.000Z',
  content: { text },
});

/** Everything that a run left behind, without the ids and times that differ by nature. */
async function leftBehind(desk: Desk, channel: KeptChannel, run: string, customers: number): Promise<unknown[]> {
  const seal = createSeal('any');
  const result: unknown[] = [];
  for (let who = 0; who < customers; who += 1) {
    const ticket = await desk.store.tickets.lastIn(channel.id, `${run}-${who}`);
    if (ticket === null) continue;
    const events = await desk.store.history.after(ticket.id, 0, 500);
    expect(firstBroken(seal, events, ticket.headHash)).toBeNull();
    const messages = await desk.store.messages.ofTicket(ticket.id, null, 500);
    result.push({
      who,
      seq: ticket.seq,
      unread: ticket.unread,
      preview: ticket.lastMessage?.preview,
      acts: events.map(({ act }) => act),
      texts: messages.map(({ seq, content }) => [seq, content.text]),
    });
  }
  return result;
}

describe('receive in groups', async () => {
  const { app, admin } = await story();
  const desk = await app.deskOf((await admin.get('/me')).body.company.id);
  const channel = (await desk.store.channels.all()).find(({ kind }) => kind === 'whatsapp');
  if (channel === undefined) throw new Error('no channel');
  let runs = 0;

  it('leaves exactly what receiving one by one leaves, whatever the mixture and the duplicates', async () => {
    const said = fc.record({ who: fc.nat(3), key: fc.nat(12), text: fc.string({ minLength: 1, maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 16 }), fc.nat(6), async (all, cut) => {
        runs += 1;
        const [grouped, single] = [`g${runs}`, `s${runs}`];
        const first = await receive(
          desk,
          channel,
          all.slice(0, cut).map((one) => arrivalOf(grouped, one)),
        );
        const rest = await receive(
          desk,
          channel,
          all.slice(cut).map((one) => arrivalOf(grouped, one)),
        );
        const one: string[] = [];
        for (const each of all) one.push(...(await receive(desk, channel, [arrivalOf(single, each)])));
        expect([...first, ...rest]).toEqual(one);
        expect(await leftBehind(desk, channel, grouped, 4)).toEqual(await leftBehind(desk, channel, single, 4));
      }),
      { numRuns: 20, seed: 20261125 },
    );
  });

  it('gives every new ticket of a group a protocol of its own', async () => {
    const arrivals = Array.from({ length: 30 }, (_, who) => arrivalOf('protocols', { who, key: who, text: 'oi' }));
    await receive(desk, channel, arrivals);
    const found = await desk.store.tickets.openIn(
      channel.id,
      arrivals.map(({ conversation }) => conversation),
    );
    expect(new Set(found.map(({ protocol }) => protocol)).size).toBe(30);
  });

  it('a group with a message that cannot be stored stores nothing; the others go in when taken one by one', async () => {
    const bad = arrivalOf('poison', { who: 1, key: 1, text: 'x' });
    const poison: Arrival = {
      ...bad,
      from: { ...bad.from, identities: [{ kind: 'phone', value: { $gt: '' } as never }] },
    };
    const good = arrivalOf('poison', { who: 2, key: 2, text: 'bom' });
    await expect(receive(desk, channel, [good, poison])).rejects.toThrow();
    expect(await desk.store.tickets.lastIn(channel.id, good.conversation)).toBeNull();
    expect(await receive(desk, channel, [good])).toEqual(['stored']);
  });
});
