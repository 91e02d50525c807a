import { describe, expect, it } from 'vitest';
import { telegramFront } from './fronts/telegram.ts';
import { underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

describe('Telegram under fire', () => {
  it('loses and doubles nothing, and shows every send of unknown fate', { timeout: 3_600_000 }, async () => {
    const report = await underFire(await telegramFront(), rounds);
    console.log(JSON.stringify(report));
    expect(report.kills).toBe(14 * rounds);
  });
});
