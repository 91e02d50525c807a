import { describe, expect, it } from 'vitest';
import { emailFront } from './fronts/email.ts';
import { underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

describe('E-mail under fire', () => {
  it('loses and doubles nothing', { timeout: 3_600_000 }, async () => {
    const report = await underFire(await emailFront(), rounds);
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ kills: 15 * rounds, uncertain: 0 });
  });
});
