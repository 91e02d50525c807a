import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { once, story } from '../support/story.ts';
import { inBrowser, openWindow, picture } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Broken rules with the elements that break them. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

const widths = [1440, 768, 360] as const;

inBrowser('every page', async () => {
  const desk = await story();
  const { origin, admin } = desk;
  await desk.writes('olá, bom dia', { from: '+551', name: 'Maria Clara de Albuquerque e Vasconcelos' });
  const { id } = await desk.ticketOf('+551');
  await admin.post(`/tickets/${id}/take`);
  await admin.post(`/tickets/${id}/messages`, once({ text: 'Bom dia! Como posso ajudar?' }));
  await admin.post(`/tickets/${id}/notes`, once({ text: 'cliente antiga' }));
  await admin.post(`/tickets/${id}/forwardings`, {
    toDepartmentId: await desk.department('Financeiro'),
    question: 'Está em dia?',
  });
  const pages = [
    '/?status=mine',
    `/atendimentos/${id}`,
    '/configuracoes/equipe',
    '/configuracoes/departamentos',
    '/configuracoes/canais',
  ];

  it.each(widths.flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => [width, colorScheme] as const)))(
    'passes axe and needs no sideways scrolling at %d px, %s',
    async (width, colorScheme) => {
      const { page, faults } = await openWindow(origin, {
        cookie: admin.cookie,
        viewport: { width, height: 860 },
        colorScheme,
      });
      for (const path of pages) {
        await page.goto(`${origin}${path}`);
        await page.locator('h1').first().waitFor({ state: 'attached' });
        await page.waitForLoadState('networkidle');
        await picture(
          page,
          `${path.split(/[/?]/).filter(Boolean)[0]}-${path.split('/').pop()?.slice(0, 12).replace('?', '')}-${width}-${colorScheme}`,
        );
        expect(await faultsOf(page), `${path} ${width} ${colorScheme}`).toEqual([]);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wide, `${path} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
      }
      expect(faults).toEqual([]);
    },
  );

  it('speaks English when the company does', async () => {
    const english = await story_();
    const { page } = await openWindow(english.origin, { cookie: english.cookie, locale: 'en-US' });
    await page.goto(english.origin);
    await page.getByRole('navigation', { name: 'Boxes' }).waitFor();
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/Aguardando|Encerradas|Departamentos/);
    await picture(page, 'console-en');
    expect(await faultsOf(page)).toEqual([]);
  });
});

/** A desk of an English company. */
async function story_(): Promise<{ origin: string; cookie: string }> {
  const { testApp } = await import('../support/app.ts');
  const app = await testApp();
  const admin = await app.setUp({ language: 'en', template: 'shop', sampleData: true });
  return { origin: app.origin, cookie: admin.cookie };
}
