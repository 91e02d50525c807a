import { describe, expect, it } from 'vitest';
import { whatsappFront } from './fronts/whatsapp.ts';
import { underFire } from './story.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 1);

describe('WhatsApp under fire', () => {
  it('loses and doubles nothing', { timeout: 3_600_000 }, async () => {
    const report = await underFire(await whatsappFront(), rounds);
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ kills: 16 * rounds, uncertain: 0 });
  });
});
