/**
 * Points at which trials kill, stop or delay the process. Inbound: I1 the network hands over, I2 the channel's own
 * records are committed, I3 in the transaction before anything is written, I4 messages written, I5 all written, I6
 * committed, I7 before consoles are told, I8 dealt with and not yet acknowledged to the network. Outbound: O1 an act
 * begins, O2 committed, O3 told to consoles and not yet answered, O4 the sender takes a message up, O5 it is marked as
 * being sent, O6 the network took it, O7 that is written down, O8 a receipt comes in.
 */
export const faultPoints = [
  ...(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'] as const),
  ...(['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7', 'O8'] as const),
] as const;

export type FaultPoint = (typeof faultPoints)[number];

let hook: ((point: FaultPoint) => Promise<void> | undefined) | null = null;

/** Passes the point; does nothing unless a trial has armed it. */
export function faultPoint(point: FaultPoint): Promise<void> | undefined {
  return hook?.(point);
}

/** Says what happens at every point; only the process's own start does this, under NODE_ENV=test. */
export function arm(next: (point: FaultPoint) => Promise<void> | undefined): void {
  hook = next;
}
