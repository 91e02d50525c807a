import { type Channel, ChannelError } from '#channels/channel.ts';
import type { SimulatorReceived } from '#shared/api.ts';
import type { Attachment } from '#shared/message.ts';
import type { KeptChannel } from './desk/desk.ts';
import { DeskError } from './errors.ts';

/** What a pretended customer writes. */
interface Written {
  from: string;
  name: string;
  text: string;
  key?: string;
  attachments?: Attachment[];
  replyTo?: string;
}

/** The simulator as REST drives it. Throws DeskError. */
export interface SimulatorLine {
  write(companyId: string, message: Written & { as: string }): Promise<'stored' | 'known'>;
  received(companyId: string, to: string): Promise<SimulatorReceived[]>;
}

type Taken = 'stored' | 'known' | 'dead';

/** The customer's side that a pretended network has beside the contract of channels. */
interface CustomerSide {
  write(message: Written): Promise<Taken>;
  received(to: string): Promise<SimulatorReceived[]>;
}

/** Finds the company's simulators. Throws DeskError `channel.inactive` when the pretended network is switched off. */
export function simulatorLine(lines: {
  running(companyId: string): { row: KeptChannel; channel: Channel }[];
}): SimulatorLine {
  const simulators = (companyId: string) => lines.running(companyId).filter(({ row }) => row.simulated);

  return {
    async write(companyId, { as, ...message }) {
      const found = simulators(companyId).find(({ row }) => row.kind === as);
      const side = found === undefined ? null : customerSide(found.channel);
      if (side === null) throw new DeskError('channel.inactive');
      const taken = await refusing(() => side.write(message));
      if (taken === 'dead') throw new Error('a pretended message lies with the dead letters');
      return taken;
    },
    async received(companyId, to) {
      const sides = simulators(companyId).flatMap(({ channel }) => customerSide(channel) ?? []);
      const all = (await Promise.all(sides.map((side) => side.received(to)))).flat();
      return all.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(-200);
    },
  };
}

function customerSide(channel: Channel): CustomerSide | null {
  return 'write' in channel && 'received' in channel ? (channel as unknown as CustomerSide) : null;
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'channel.inactive') throw new DeskError('channel.inactive');
    throw error;
  }
}
