import { expect } from 'vitest';
import { faultPoints } from '#shared/fault.ts';
import { DeskUnderFire } from './desk-under-fire.ts';
import type { Front } from './fronts/front.ts';
import { Traffic } from './traffic.ts';

/** Answers what was counted, for the report. */
export interface Report {
  kind: string;
  kills: number;
  inbound: number;
  outbound: number;
  uncertain: number;
}

/**
 * Kills the desk `rounds` times at every point while customers and agents write, starts it again each time, and holds
 * at the end what the desk shows and what the customers got against what was said.
 */
export async function underFire(front: Front, rounds: number): Promise<Report> {
  const { kind } = front;
  const desk = new DeskUnderFire(front.env);
  const traffic = new Traffic(front, desk);
  const { said, answered } = traffic;
  const points = faultPoints.filter((point) => !front.never.includes(point));
  const never: string[] = [];
  let kills = 0;
  try {
    await desk.start();
    await desk.setUp();
    await front.connect(desk);
    traffic.begin();
    await desk.stop();
    for (let round = 0; round < rounds; round += 1) {
      for (const point of points) {
        await desk.start({ point, action: 'kill', passage: 2 + round });
        if (await desk.died(60_000)) kills += 1;
        else never.push(point);
        progress(`${kind} ${point}: ${kills} kills, ${said.length} in, ${answered.length} out, never: ${never}`);
      }
    }
    traffic.stop();
    await desk.start();
    await traffic.ended();
    const uncertain = await traffic.check();
    expect(never, 'points that were never passed').toEqual([]);
    expect(await desk.stop()).toBe(0);
    return { kind, kills, inbound: said.length, outbound: answered.length, uncertain };
  } finally {
    traffic.stop();
    desk.close();
    await front.close();
  }
}

/** Kill rounds are long work: says how far they are. */
const progress = (line: string): boolean => process.stderr.write(`${line}\n`);
