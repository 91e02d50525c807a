import { describe, expect, it } from 'vitest';
import { ChannelError, type Maker, type OutboundMessage } from '#channels/channel.ts';
import { simulator } from '#channels/simulator/simulator.ts';
import { makerOf } from '#server/switchboard/kinds.ts';
import { once, story } from '../support/story.ts';

/** A network that goes wrong as the text says; everything else is the simulator's. */
function faultyNetwork(): { maker: Maker; tried: string[]; mend(): void } {
  const tried: string[] = [];
  let broken = true;
  const maker: Maker = (row, means) => {
    const network = simulator(row, means);
    return {
      ...network,
      async send(to: string, message: OutboundMessage) {
        const text = message.content?.text ?? '';
        tried.push(text);
        if (text.startsWith('refused')) throw new ChannelError('refused', 'number.unknown');
        if (text.startsWith('temporary') && broken) throw new ChannelError('temporary', 'channel.inactive');
        if (text.startsWith('bug') && broken) throw new TypeError('a fault of the adapter itself');
        return await network.send(to, message);
      },
    };
  };
  return {
    maker,
    tried,
    mend() {
      broken = false;
    },
  };
}

describe('the outbox', async () => {
  const network = faultyNetwork();
  const desk = await story({
    makerOf: async (row) => (row.kind === 'whatsapp' && row.simulated ? network.maker : makerOf(row)),
  });
  const { admin } = desk;

  async function customer(from: string): Promise<string> {
    await desk.writes('oi', { from, name: from });
    return (await desk.ticketOf(from)).id;
  }
  const say = (id: string, text: string) => admin.post(`/tickets/${id}/messages`, once({ text }));
  const deliveries = async (id: string): Promise<[string, string][]> => {
    const { items } = (await admin.get(`/tickets/${id}/messages`)).body;
    const ours = items.filter((item: { direction: string }) => item.direction === 'out');
    return ours.map((item: { text: string; delivery: { state: string } }) => [item.text, item.delivery.state]);
  };
  const received = async (from: string): Promise<string[]> =>
    (await admin.get(`/simulator/outbox?to=${encodeURIComponent(from)}`)).body.items.map(
      ({ text }: { text: string }) => text,
    );

  it('shows a refused message as failed, with its reason, and sends the next', async () => {
    const id = await customer('+551');
    await say(id, 'refused 1');
    await say(id, 'depois');
    await expect
      .poll(() => deliveries(id), { timeout: 20_000 })
      .toEqual([
        ['refused 1', 'failed'],
        ['depois', 'delivered'],
      ]);
    const { items } = (await admin.get(`/tickets/${id}/messages`)).body;
    expect(items.at(-2).delivery).toMatchObject({ failure: 'number.unknown', attempts: 1 });
  });

  it('holds a conversation whose message cannot leave now, lets the others go on, and sends in order once it can', async () => {
    const [stuck, free, bug] = [await customer('+552'), await customer('+553'), await customer('+554')];
    await say(stuck, 'temporary 1');
    await say(stuck, 'segunda');
    await say(bug, 'bug 1');
    await say(free, 'outra conversa');
    await expect.poll(() => received('+553'), { timeout: 20_000 }).toEqual(['outra conversa']);
    expect(await received('+552')).toEqual([]);
    expect(network.tried).not.toContain('segunda');
    expect(await deliveries(stuck)).toEqual([
      ['temporary 1', expect.stringMatching(/queued|sending/)],
      ['segunda', 'queued'],
    ]);
    network.mend();
    await expect.poll(() => received('+552'), { timeout: 40_000 }).toEqual(['temporary 1', 'segunda']);
    await expect.poll(() => received('+554'), { timeout: 40_000 }).toEqual(['bug 1']);
  });
});
