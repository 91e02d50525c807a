import { afterEach, beforeEach, expect, it } from 'vitest';
import { Control } from '../networks/whatsapp/control.ts';
import { HostDouble } from './host-double.ts';
import { until, WhatsAppTrial } from './whatsapp-trial.ts';

let trial: WhatsAppTrial;
let control: Control;

beforeEach(async () => {
  trial = new WhatsAppTrial();
  await trial.fake.start();
  control = new Control(trial.fake);
  await control.start(0);
});
afterEach(async () => {
  await control.stop();
  await trial.fake.stop();
});

async function ask(method: string, path: string, body?: object) {
  const address = `http://127.0.0.1:${control.port}${path}`;
  const answer = await fetch(address, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: answer.status, value: JSON.parse(await answer.text()) };
}

it('the network is driven by hand: linking, writing, reading, faults', async () => {
  const host = new HostDouble();
  const channel = trial.channel();
  await channel.connect(host);
  expect(await ask('POST', '/send', { from: '+5511977776666', text: 'cedo' })).toMatchObject({ status: 400 });
  await channel.pair?.({ method: 'qr' });
  const shown = () =>
    host.connections.flatMap((now) => (now.phase === 'pairing' && now.qr !== undefined ? [now.qr] : []));
  await until(() => shown().length > 0);
  expect(await ask('POST', '/scan', { qr: shown().at(-1) })).toMatchObject({ status: 200 });
  await trial.online(host);
  await ask('POST', '/send', { from: '+5511977776666', text: 'oi', name: 'Bia' });
  await until(() => host.messages.length === 1);
  const { from, content } = host.messages[0]!;
  expect([from.name, content.text]).toEqual(['Bia', 'oi']);
  await channel.send(from.address, host.outbound('c', { text: 'olá' }));
  const inbox = await ask('GET', '/inbox?of=5511977776666');
  expect(inbox.value.got).toMatchObject([{ message: { extendedTextMessage: { text: 'olá' } } }]);
  expect((await ask('POST', '/fault', { failSend: ['463'] })).value.failSend).toEqual(['463']);
  const refused = channel.send(from.address, host.outbound('c', { text: 'não' }));
  await expect(refused).rejects.toMatchObject({ code: 'whatsapp.restricted' });
  await ask('POST', '/fault', { cut: true });
  await until(() => host.connections.at(-1)?.phase !== 'online');
  await trial.online(host);
  await ask('POST', '/fault', { replaced: true });
  await until(() => host.connections.at(-1)?.phase === 'waiting');
  expect(host.connections.at(-1)).toMatchObject({ reason: 'used-elsewhere' });
  expect(await ask('GET', '/nowhere')).toMatchObject({ status: 400 });
  await channel.disconnect();
});
