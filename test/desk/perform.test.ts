import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callerOf } from '#server/desk/desk.ts';
import { addNote } from '#server/desk/notes/add.ts';
import { perform } from '#server/desk/perform.ts';
import { act, look } from '#server/desk/verb.ts';
import { Overtaken } from '#server/errors.ts';
import { story } from '../support/story.ts';

describe('perform', async () => {
  const { app, admin } = await story();
  const { agent, company } = (await admin.get('/me')).body;
  const desk = await app.deskOf(company.id);
  const by = callerOf(agent);
  const { id: ticketId } = (await admin.get('/tickets')).body.items[0];

  it('does an act once for one client id, however often and at once it is asked', async () => {
    const asked = Array.from({ length: 6 }, () => perform(desk, by, addNote, { ticketId, text: 'uma vez' }, 'once'));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(answers.map(({ value }) => value.id)).size).toBe(1);
    await expect(perform(desk, by, addNote, { ticketId, text: 'outra' }, 'once')).rejects.toMatchObject({
      code: 'act.client-id-reused',
    });
  });

  it('leaves nothing of an act that fails, and tells no news of it', async () => {
    const told: string[] = [];
    app.bus.on('ticket.changed', () => told.push('ticket.changed'));
    const before = await desk.store.tickets.byId(ticketId);
    const failing = act({
      name: 'test.fails',
      action: 'ticket.note',
      input: z.strictObject({}),
      output: z.object({}),
      async run({ records, record, at }) {
        const ticket = await records.tickets.byId(ticketId);
        if (ticket === null) throw new Error('no ticket');
        const note = { id: desk.newId(), ticketId, at, author: by.actor, text: 'nunca', clientId: null };
        await record(ticket, ticket, { act: 'note.added', note });
        throw new Error('after the write');
      },
    });
    await expect(perform(desk, by, failing, {})).rejects.toThrow('after the write');
    expect(await desk.store.tickets.byId(ticketId)).toEqual(before);
    expect(told).toEqual([]);
  });

  it('runs an act again when others were faster, and gives up after a few times', async () => {
    let runs = 0;
    const overtaken = (times: number) =>
      act({
        name: 'test.overtaken',
        action: 'ticket.note',
        input: z.strictObject({}),
        output: z.object({ runs: z.number() }),
        async run() {
          runs += 1;
          if (runs <= times) throw new Overtaken();
          return { runs };
        },
      });
    expect((await perform(desk, by, overtaken(2), {})).value).toEqual({ runs: 3 });
    runs = 0;
    await expect(perform(desk, by, overtaken(100), {})).rejects.toBeInstanceOf(Overtaken);
    expect(runs).toBeLessThan(20);
  });

  it('lets nothing out that the output schema does not name', async () => {
    const leaky = look({
      name: 'test.leaks',
      action: 'ticket.list',
      input: z.strictObject({}),
      output: z.object({ name: z.string() }),
      run: async () => ({ name: 'x', passwordHash: 'secret' }),
    });
    expect((await perform(desk, by, leaky, {})).value).toEqual({ name: 'x' });
  });
});
