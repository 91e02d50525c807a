import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unattended } from '#shared/unattended.ts';
import { Control } from './control.ts';
import { FakeWhatsApp } from './server.ts';

/** Started by hand: `node --import tsx test/networks/whatsapp/main.ts [control port]`. Ends by Ctrl-C. */
const fake = await new FakeWhatsApp().start();
const control = new Control(fake);
await control.start(Number(process.argv[2] ?? 0));
const certificate = join(tmpdir(), `fake-whatsapp-${control.port}.pem`);
await writeFile(certificate, fake.media.cert);
console.log(`socket        ${fake.url}`);
console.log(`control       http://127.0.0.1:${control.port}  (POST /scan /send /fault, GET /inbox?of=)`);
console.log(`certificate   ${certificate}  (NODE_EXTRA_CA_CERTS of the desk, for media)`);
process.once('SIGINT', () => {
  unattended(
    Promise.all([control.stop(), fake.stop()]).finally(() => process.exit(0)),
    'end of the fake',
  );
});
