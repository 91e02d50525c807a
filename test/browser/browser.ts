import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, describe } from 'vitest';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((path) => path !== undefined && path !== '' && existsSync(path));
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream';

if (executablePath === undefined) {
  if (process.env.BALCAO_NOTHING_SKIPPED === '1') throw new Error('no Chromium, and here nothing may be skipped');
  process.stderr.write('no Chromium on this machine: the browser tests are skipped\n');
}

/** `describe` where there is a browser; without one its tests count as skipped. */
export const inBrowser = describe.skipIf(executablePath === undefined);

let running: Promise<Browser> | null = null;

function browser(): Promise<Browser> {
  running ??= chromium.launch({ executablePath: executablePath ?? '', args: flags.split(' ') });
  return running;
}

afterAll(async () => {
  await (await running)?.close();
  running = null;
});

export interface Window {
  context: BrowserContext;
  page: Page;
  /** What went wrong in the page: uncaught errors and failed requests that nobody expected. */
  faults: string[];
}

/** A fresh browser window with a profile of its own. */
export async function openWindow(
  origin: string,
  options: Parameters<Browser['newContext']>[0] & { cookie?: string } = {},
): Promise<Window> {
  const { cookie, ...rest } = options;
  const context = await (await browser()).newContext({
    viewport: { width: 1440, height: 860 },
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    ...rest,
  });
  if (cookie !== undefined) {
    const [name = '', value = ''] = cookie.split('=', 2);
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }]);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && /^https?:$/.test(protocol) && !request.url().startsWith('http://localhost'))
      faults.push(`foreign host ${asked}`);
  });
  afterAll(() => context.close());
  return { context, page, faults };
}

/** A picture into `test/screens`, for people to look at; the folder is not kept. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENS !== '1') return;
  mkdirSync('test/screens', { recursive: true });
  await page.screenshot({ path: `test/screens/${name}.png` });
}

export interface GivenFile {
  name: string;
  type: string;
  bytes: number[];
}

/** Files reach a field as the browser itself brings them: in the event of a paste or a drop. */
export async function gives(field: Locator, how: 'paste' | 'drop', files: GivenFile[]): Promise<void> {
  await field.evaluate(
    (element, [event, given]) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of given) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
      const about = { bubbles: true, cancelable: true };
      if (event === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...about }));
        return;
      }
      for (const name of ['dragover', 'drop']) {
        element.dispatchEvent(new DragEvent(name, { dataTransfer: data, ...about }));
      }
    },
    [how, files] as const,
  );
}

/** The bytes of a JPEG. */
export async function photo(): Promise<number[]> {
  const create = { width: 400, height: 300, channels: 3 as const, background: '#0a7' };
  return [...(await sharp({ create }).jpeg().toBuffer())];
}
