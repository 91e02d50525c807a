import type { FaultPoint } from '#shared/fault.ts';
import type { DeskUnderFire } from '../desk-under-fire.ts';

/** A network under fire: its customers live outside the process that dies. */
export interface Front {
  kind: string;
  env: Record<string, string>;
  /** Adds the channel and resolves with its id when it is online. */
  connect(desk: DeskUnderFire): Promise<string>;
  /** A customer writes this; resolves when the network has it, whatever becomes of the desk. */
  write(chat: string, text: string): Promise<void>;
  /** What a customer has got, in order; what came twice stands twice. */
  got(chat: string): string[];
  /** How often each customer writes, in ms: about what the network carries. */
  everyMs: number;
  /** How often each agent writes, in ms. */
  agentEveryMs: number;
  /** Points that this network does not pass. */
  never: FaultPoint[];
  close(): Promise<void>;
}
