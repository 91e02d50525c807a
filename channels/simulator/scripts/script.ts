import type { ChannelKind } from '#shared/channel.ts';

/** What one pretended customer writes, in this order. `department`: name of the template's department that it is for. */
export interface Script {
  as: ChannelKind;
  /** Number, user, address or visitor: made up, on names and ranges that nobody owns. */
  from: string;
  name: string;
  texts: readonly string[];
  department?: string;
}

/** The customers of one template in one language. */
export interface Samples {
  /** The live conversation that a new desk opens with. */
  opening: Script;
  /** Those that sample data adds. */
  further: readonly Script[];
}
