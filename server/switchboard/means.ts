import type { Endpoints, Maker } from '#channels/channel.ts';
import type { SocketServer } from '#channels/sockets.ts';
import type { Bus } from '../bus.ts';
import type { Desk, KeptChannel } from '../desk/desk.ts';
import type { Media } from '../media/media.ts';
import type { LeaseTimes } from './lease.ts';
import type { Quiet } from './quiet.ts';

export type MakerOf = (row: KeptChannel) => Promise<Maker>;

/** What the switchboard is built from. */
export interface SwitchboardMeans {
  makerOf: MakerOf;
  sockets: SocketServer;
  endpoints: Endpoints;
  media: Media;
  bus: Bus;
  deskOf(companyId: string): Promise<Desk>;
  log(line: string, about: Record<string, unknown>): void;
  /** This process, new at each start. */
  owner: string;
  leaseTimes: LeaseTimes;
  /** Nobody else can be on this database. */
  alone: boolean;
  quiet: Quiet;
}
