import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, raw, taken, world } from './email-world.ts';

afterEach(closeAll);

const report = (id: string, action: string, status: string) =>
  raw(`Return-Path: <>
From: MAILER-DAEMON@mx.test
To: suporte@acme.test
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

It failed.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; ana@correio.example
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 no
--x
Content-Type: text/rfc822-headers

From: suporte@acme.test
Message-ID: <${id}>
--x--
`);

describe('delivery reports', () => {
  const ours = 't.64f0c2aa01.64f0c2ab02.9f86d081aa@acme.test';
  it.each([
    ['5.1.1', 'mail.address-refused', true],
    ['5.7.1', 'mail.bounced', true],
    ['4.4.7', 'mail.bounced', false],
  ])('are receipts of our mails: %s', async (status, code, permanent) => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(report(ours, 'failed', status)));
    expect(host.messages).toEqual([]);
    expect(host.receipts).toMatchObject([{ externalId: ours, status: 'failed', error: { code, permanent } }]);
  });
  it('say nothing while they tell of a delay', async () => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(report(ours, 'delayed', '4.4.7')));
    expect([...host.messages, ...host.receipts]).toEqual([]);
  });
  it('are messages when they are about no mail of the desk', async () => {
    const { office: box, host } = await world();
    await taken(host, box.imap.deliver(report('algo@correio.example', 'failed', '5.1.1')));
    expect(host.receipts).toEqual([]);
    expect(host.messages).toMatchObject([{ auto: 'reply', content: { text: 'It failed.' } }]);
  });
});
