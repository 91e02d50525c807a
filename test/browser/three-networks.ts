import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { whatsappWith } from '#channels/whatsapp/whatsapp.ts';
import { makerOf } from '#server/switchboard/kinds.ts';
import { deskAt } from '../flow/networks.ts';
import { PostOffice } from '../networks/mail/post-office.ts';
import { FakeTelegram } from '../networks/telegram/fake-telegram.ts';
import type { LinkedDevice } from '../networks/whatsapp/device.ts';
import { FakeWhatsApp } from '../networks/whatsapp/server.ts';
import type { Story } from '../support/story.ts';
import { openWindow, type Window } from './browser.ts';

/** A desk with all three networks within reach, nothing connected yet. */
export interface ThreeNetworks {
  desk: Story;
  telegram: FakeTelegram;
  whatsapp: FakeWhatsApp;
  office: PostOffice;
  /** The device that was linked last. */
  device(): LinkedDevice;
  /** A window of the admin at the list of channels. */
  channels(options?: Parameters<typeof openWindow>[1]): Promise<Window>;
}

/** `qrMs`: how long a QR is good for. */
export async function threeNetworks({ qrMs = null }: { qrMs?: number | null } = {}): Promise<ThreeNetworks> {
  const telegram = await FakeTelegram.start();
  const whatsapp = new FakeWhatsApp();
  await whatsapp.start();
  const office = await PostOffice.open();
  afterAll(async () => {
    await telegram.stop();
    await whatsapp.stop();
    await office.close();
  });
  const quick = whatsappWith({
    pace: null,
    ackMs: 2_000,
    backoff: { firstMs: 40, mostMs: 200 },
    authority: whatsapp.media.cert,
    qrMs,
  });
  const desk = await deskAt(
    { telegram: telegram.url, whatsapp: whatsapp.url },
    {
      makerOf: async (row: { kind: 'whatsapp'; simulated: boolean }) =>
        row.kind === 'whatsapp' && !row.simulated ? quick : await makerOf(row),
    },
  );
  return {
    desk,
    telegram,
    whatsapp,
    office,
    device() {
      const device = [...whatsapp.devices.values()].at(-1);
      if (device === undefined) throw new Error('nothing is linked');
      return device;
    },
    async channels(options = {}) {
      const opened = await openWindow(desk.origin, { cookie: desk.admin.cookie, ...options });
      await opened.page.goto(`${desk.origin}/configuracoes/canais`);
      return opened;
    },
  };
}

/** Opens the wizard of a kind. */
export async function choose(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Conectar canal' }).first().click();
  await page.locator('.kinds').getByRole('button', { name: kind }).click();
}

/** Types the servers of a mailbox where they were guessed. */
export async function typeServers(page: Page, office: { imapPort: number; smtpPort: number }): Promise<void> {
  for (const [side, port] of [
    ['Receber (IMAP)', office.imapPort],
    ['Enviar (SMTP)', office.smtpPort],
  ] as const) {
    const server = page.getByRole('group', { name: side });
    await server.getByLabel('Servidor').fill('127.0.0.1');
    await server.getByLabel('Porta').fill(String(port));
    await server.getByLabel('Segurança').selectOption('starttls');
  }
}
