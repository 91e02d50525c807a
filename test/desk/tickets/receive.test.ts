import { describe, expect, it } from 'vitest';
import { story } from '../../support/story.ts';

describe('receive', async () => {
  const desk = await story();

  it('P1 many first messages of one customer at once open one ticket and lose none', async () => {
    const from = '+5541900000001';
    const texts = Array.from({ length: 24 }, (_, n) => `mensagem ${n}`);
    const replies = await Promise.all(texts.map((text) => desk.writes(text, { from, name: 'Iara', key: text })));
    expect(replies.map(({ status }) => status)).toEqual(texts.map(() => 201));
    const { items } = (await desk.admin.get('/tickets?limit=100')).body;
    const mine = items.filter((ticket: { address: string }) => ticket.address === from);
    expect(mine).toHaveLength(1);
    const { events } = (await desk.admin.get(`/tickets/${mine[0].id}/events?after=0`)).body;
    const said = events.flatMap((event: { message?: { text: string } }) => event.message?.text ?? []);
    expect([...said].sort()).toEqual([...texts].sort());
    expect(mine[0]).toMatchObject({ unread: 24, seq: 25 });
  });

  it('the same key delivered ten times at once is stored once', async () => {
    const from = '+5541900000002';
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => desk.writes('oi', { from, name: 'Léo', key: 'same' })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(await desk.ticketOf(from)).toMatchObject({ unread: 1, seq: 2 });
  });

  it('one number on two kinds of network is two tickets; on one kind it is one contact for good', async () => {
    const from = '5541900000003';
    await desk.writes('oi', { from, name: 'Mia' });
    await desk.writes('oi', { from, name: 'Mia', as: 'telegram' });
    const { items } = (await desk.admin.get('/tickets?limit=100')).body;
    const mine = items.filter((ticket: { address: string }) => ticket.address === from);
    expect(mine.map((ticket: { channel: string }) => ticket.channel).sort()).toEqual(['telegram', 'whatsapp']);
  });

  it('keeps the order in which one customer writes', async () => {
    const from = '+5541900000004';
    for (let n = 0; n < 10; n += 1) await desk.writes(`${n}`, { from, name: 'Noé' });
    const { id } = await desk.ticketOf(from);
    const { items } = (await desk.admin.get(`/tickets/${id}/messages`)).body;
    expect(items.map(({ text }: { text: string }) => text)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });
});
