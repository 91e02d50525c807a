import type { ChildProcess } from 'node:child_process';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { mailLimits } from '#channels/email/mail.ts';
import { parser, usualParser } from '#channels/email/parse.ts';
import { compose } from '../networks/mail/post-office.ts';

const head =
  'From: Ana <ana@correio.example>\r\nTo: suporte@acme.test\r\nSubject: oi\r\nMessage-ID: <1@correio.example>\r\n';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('the parser process', () => {
  const taking = parser();
  afterAll(() => taking.close());
  it('answers what was found in the mail', async () => {
    const answer = await taking.parse(await compose({ from: 'a@b.test', text: 'oi' }));
    expect(answer).toMatchObject({ ok: true, mail: { text: 'oi' } });
    expect(answer.nonce).toMatch(/^[0-9a-f]{24}$/);
  });
  it('gets through 24 MiB of text within its memory', async () => {
    const answer = await taking.parse(bytes(`${head}\r\n${'abc\n'.repeat(6_000_000)}`));
    expect(answer).toMatchObject({ ok: true });
  });
  it('is killed by a mail that takes too long, and serves the next one', async () => {
    const slow = parser({ parseMs: 1, idleMs: 60_000 });
    expect(await slow.parse(bytes(head))).toMatchObject({ ok: false, reason: 'mail.unreadable' });
    await slow.close();
    expect(await taking.parse(bytes(`${head}\r\noi`))).toMatchObject({ ok: true });
  });
  it('does not hold a death against a mail that is not its fault', async () => {
    const children: ChildProcess[] = [];
    const unlucky = parser({ ...usualParser, started: (child) => children.push(child) });
    const answer = unlucky.parse(bytes(`${head}\r\n${'oi\n'.repeat(500_000)}`));
    await vi.waitFor(() => expect(children).toHaveLength(1));
    children[0]?.kill('SIGKILL');
    expect(await answer).toMatchObject({ ok: true });
    expect(children).toHaveLength(2);
    await unlucky.close();
  });
  it('answers nothing about a mail when it is closed meanwhile', async () => {
    const leaving = parser();
    const answer = leaving.parse(bytes(`${head}\r\noi`));
    await leaving.close();
    await expect(answer).rejects.toMatchObject({ fault: 'temporary', code: 'channel.inactive' });
  });
  it('starts again after it rested', async () => {
    const resting = parser({ parseMs: mailLimits.parseMs, idleMs: 1 });
    for (let index = 0; index < 3; index += 1) {
      expect(await resting.parse(bytes(`${head}\r\n${index}`))).toMatchObject({ ok: true, mail: { text: `${index}` } });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await resting.close();
  });
  it('says that a mail is too complex', async () => {
    expect(await taking.parse(bytes(`X: ${'a'.repeat(300_000)}\r\n\r\n`))).toMatchObject({
      ok: false,
      reason: 'mail.too-complex',
    });
  });
});
