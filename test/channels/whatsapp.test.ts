import { whatsapp } from '#channels/whatsapp/whatsapp.ts';
import { channelContract } from './channel.contract.ts';
import { SocketsDouble } from './sockets-double.ts';
import { openNetwork } from './whatsapp-trial.ts';

const wrong = (settings: unknown, field: string, address: string | null = null, insecure = false) => ({
  make() {
    const endpoints = { whatsapp: address, telegram: null, insecure };
    const row = { id: '0123456789abcdef01234567', kind: 'whatsapp' as const, publicId: null, settings };
    return whatsapp(row, { sockets: new SocketsDouble(), endpoints });
  },
  field,
});

channelContract('whatsapp', {
  kind: 'whatsapp',
  open: openNetwork,
  longest: 65_536,
  resends: false,
  wrong: [
    wrong('x', 'config'),
    wrong([], 'config'),
    wrong({ groups: 'all' }, 'groups'),
    wrong({ readReceipts: 'yes' }, 'readReceipts'),
    wrong({}, 'whatsapp', 'ws://example.org/ws/chat'),
    wrong({}, 'whatsapp', 'https://example.org/', true),
    wrong({}, 'whatsapp', 'no address', true),
  ],
});
