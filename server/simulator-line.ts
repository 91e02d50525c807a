import { type Channel, ChannelError } from '#channels/channel.ts';
import type { Desk, KeptChannel } from './desk/desk.ts';
import { DeskError } from './errors.ts';
import type { SimulatorLine } from './http/server.ts';

/** The customer's side that a pretended network has beside the contract of channels. */
interface CustomerSide {
  write(message: { from: string; name: string; text: string; key?: string | undefined }): Promise<'stored' | 'known'>;
  received(to: string): Promise<{ id: string; as: string; at: string; text: string }[]>;
}

/** Finds the company's simulators. Throws DeskError `channel.inactive` when the pretended network is switched off. */
export function simulatorLine(
  deskOf: (companyId: string) => Promise<Desk>,
  lines: { channel(channelId: string): Channel | null },
): SimulatorLine {
  async function simulators(companyId: string): Promise<KeptChannel[]> {
    return (await (await deskOf(companyId)).store.channels.all()).filter((channel) => channel.simulated);
  }

  return {
    async write(companyId, { as, ...message }) {
      const row = (await simulators(companyId)).find((channel) => channel.kind === as);
      const side = row === undefined ? null : customerSide(lines.channel(row.id));
      if (side === null) throw new DeskError('channel.inactive');
      return await refusing(() => side.write(message));
    },
    async received(companyId, to) {
      const rows = await simulators(companyId);
      const sides = rows.flatMap((row) => customerSide(lines.channel(row.id)) ?? []);
      const all = (await Promise.all(sides.map((side) => side.received(to)))).flat();
      return all.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(-200);
    },
  };
}

function customerSide(channel: Channel | null): CustomerSide | null {
  return channel !== null && 'write' in channel && 'received' in channel ? (channel as unknown as CustomerSide) : null;
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'channel.inactive') throw new DeskError('channel.inactive');
    throw error;
  }
}
