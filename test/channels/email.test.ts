import { email } from '#channels/email/email.ts';
import { channelContract } from './channel.contract.ts';
import { mailNetwork, means, rowOf } from './email-network.ts';

const server = { host: 'imap.acme.example', port: 993, secure: true, user: 'suporte', password: 'segredo' };
const right = { address: 'suporte@acme.example', name: 'Acme', imap: server, smtp: { ...server, port: 465 } };

channelContract('email', {
  kind: 'email',
  open: mailNetwork,
  longest: 1_000_000,
  resends: false,
  wrong: [
    { make: () => email(rowOf({ ...right, address: 'suporte' }), means), field: 'address' },
    { make: () => email(rowOf({ ...right, address: 'a@b.example\r\nBcc: c@d.example' }), means), field: 'address' },
    { make: () => email(rowOf({ ...right, name: 'Acme\nBcc: c@d.example' }), means), field: 'name' },
    { make: () => email(rowOf({ ...right, imap: undefined }), means), field: 'imap' },
    { make: () => email(rowOf({ ...right, imap: { ...server, host: 'a b' } }), means), field: 'imap.host' },
    { make: () => email(rowOf({ ...right, imap: { ...server, folder: '' } }), means), field: 'imap.folder' },
    { make: () => email(rowOf({ ...right, smtp: { ...server, port: 0 } }), means), field: 'smtp.port' },
    { make: () => email(rowOf({ ...right, smtp: { ...server, secure: 1 } }), means), field: 'smtp.secure' },
    { make: () => email(rowOf({ ...right, smtp: { ...server, password: '' } }), means), field: 'smtp.password' },
    { make: () => email(rowOf({ ...right, since: 'ontem' }), means), field: 'since' },
  ],
});
