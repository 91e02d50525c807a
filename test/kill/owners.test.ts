import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { leaseTimes } from '#server/switchboard/lease.ts';
import type { FaultPoint } from '#shared/fault.ts';
import type { DeskUnderFire } from './desk-under-fire.ts';
import { emailFront } from './fronts/email.ts';
import { telegramFront } from './fronts/telegram.ts';
import { whatsappFront } from './fronts/whatsapp.ts';
import { type Entry, heldSince } from './lease-book.ts';
import { Traffic } from './traffic.ts';
import { TwoDesks } from './two-desks.ts';

const long = { timeout: 600_000 };
/** Where an owner is frozen; all of them with KILL_ROUNDS. */
const points: FaultPoint[] =
  process.env.KILL_ROUNDS === undefined ? ['O4', 'I8'] : ['O4', 'O5', 'O6', 'I1', 'I2', 'I8'];

/** After a silent end nobody has the lease before it is over, and somebody has it before it would be over again. */
function inTime(handed: { before: Entry; after: Entry }[]): void {
  for (const { before, after } of handed) {
    expect(after.epoch).toBe(before.epoch + 1);
    expect(heldSince(after)).toBeGreaterThanOrEqual(before.until);
    expect(heldSince(after)).toBeLessThan(before.until + leaseTimes.hold);
  }
}

describe('two desks on one database', async () => {
  const fronts = [await telegramFront(), await emailFront(), await whatsappFront()] as const;
  const [, , { fake: phones }] = fronts;
  const figures: Record<string, unknown> = {};
  let desks: TwoDesks | null = null;
  let traffic: Traffic[] = [];
  /** Who runs the channels now, and who waits. */
  let [owner, other]: DeskUnderFire[] = [];

  afterAll(async () => {
    for (const one of traffic) one.stop();
    await desks?.close();
    for (const front of fronts) await front.close();
  });

  const turned = (): void => {
    [owner, other] = [other, owner];
  };
  const gaps = (handed: { before: Entry; after: Entry }[]): number[] =>
    handed.map(({ before, after }) => heldSince(after) - heldSince(before));

  // Long work: says how far it is.
  afterEach(({ task }) => {
    process.stderr.write(`${task.name}: ${task.result?.state ?? ''}\n`);
  });
  const open = (): TwoDesks => desks!;

  it('run every channel at the first one, while the second one waits', long, async () => {
    desks = await TwoDesks.open(inject('mongodbUri'), [...fronts]);
    [owner, other] = [desks.first, desks.second];
    traffic = fronts.map((front) => new Traffic(front, open(), front.kind === 'telegram' ? 8 : 2));
    for (const one of traffic) one.begin();
  });

  it('hand over when the owner is killed', long, async () => {
    const handing = open().book.handedOver();
    owner!.signal('SIGKILL');
    const handed = await handing;
    inTime(handed);
    figures.killed = gaps(handed);
    await open().onlineAt(other!);
    expect(phones.doubles).toBe(0);
    await owner!.start();
    await open().waitsAt(owner!);
    turned();
  });

  it('hand over when the owner is frozen, who then finds itself replaced and stays away', long, async () => {
    const handing = open().book.handedOver();
    owner!.signal('SIGSTOP');
    const handed = await handing;
    inTime(handed);
    figures.frozen = gaps(handed);
    await open().onlineAt(other!);
    // The socket of a frozen process looks alive to its server, which throws it out.
    expect(phones.doubles).toBe(1);
    const { attempts } = phones;
    owner!.signal('SIGCONT');
    await open().waitsAt(owner!);
    expect(phones.attempts).toBe(attempts);
    const now = await open().book.now();
    for (const { channelId, after } of handed) {
      expect(now[channelId]).toMatchObject({ owner: after.owner, epoch: after.epoch });
    }
    turned();
  });

  it('hand over at once when the owner ends properly', long, async () => {
    const handing = open().book.handedOver();
    expect(await owner!.stop()).toBe(0);
    const handed = await handing;
    for (const { before, after } of handed) {
      expect(after.epoch).toBe(before.epoch + 1);
      // It was given back: nobody waited for its end.
      expect(heldSince(after)).toBeLessThan(before.until);
    }
    figures.stopped = gaps(handed);
    await open().onlineAt(other!);
    expect(phones.doubles).toBe(1);
    await owner!.start();
    await open().waitsAt(owner!);
    turned();
  });

  it('do not fight over a number that was thrown out (440)', long, async () => {
    const [, , whatsapp = ''] = open().channelIds;
    const { logins } = phones;
    const handing = open().book.handedOver([whatsapp]);
    phones.replace(phones.device!);
    await owner!.inPhase(whatsapp, 'waiting', 'channel.used-elsewhere');
    await handing;
    await other!.inPhase(whatsapp, 'online');
    // The one that was thrown out asks again after a while, and finds that it is served.
    await owner!.inPhase(whatsapp, 'waiting', 'channel.owned-elsewhere');
    expect(phones.logins).toBe(logins + 1);
    expect(phones.doubles).toBe(1);
  });

  it('refuse every record and claim of an owner that was replaced while it slept', long, async () => {
    expect(await other!.stop()).toBe(0);
    expect(await owner!.stop()).toBe(0);
    const { book } = open();
    for (const point of points) {
      await owner!.start({ point, action: 'freeze', passage: 3 });
      await expect.poll(() => owner!.frozen, { timeout: 60_000 }).toBe(true);
      await book.seize('somebody else');
      const before = await book.fenced();
      owner!.signal('SIGCONT');
      await open().waitsAt(owner!);
      const after = await book.fenced();
      expect(after.leases, point).toEqual(before.leases);
      expect(after.sessions, point).toEqual(before.sessions);
      expect(before.claims, point).toEqual(expect.arrayContaining(after.claims));
      await book.free();
      await open().onlineAt(owner!);
      expect(await owner!.stop()).toBe(0);
    }
  });

  it('have lost and doubled nothing', long, async () => {
    await owner!.start();
    await other!.start();
    for (const one of traffic) one.stop();
    for (const one of traffic) await one.ended();
    const uncertain: Record<string, number> = {};
    for (const [index, { kind }] of fronts.entries()) uncertain[kind] = await traffic[index]!.check();
    expect(uncertain).toMatchObject({ email: 0, whatsapp: 0 });
    expect(phones.failures).toEqual([]);
    for (const desk of [owner!, other!]) {
      expect(desk.printed()).not.toMatch(/unattended work failed|unhandled rejection/);
      expect(await desk.stop()).toBe(0);
    }
    const count = (of: 'said' | 'answered') => traffic.map((one) => one[of].length);
    console.log(JSON.stringify({ ...figures, inbound: count('said'), outbound: count('answered'), uncertain }));
  });
});
