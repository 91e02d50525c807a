import { abilitiesOf } from '#shared/channel.ts';
import { type Channel, ChannelError, type ChannelRow, type Maker, type MakerMeans } from '../channel.ts';
import type { Line } from './multi-device/line.ts';
import { socketUrl, whatsappSettings } from './settings.ts';
import { type Tuning, usualTuning } from './tuning.ts';

/** WhatsApp as one more device of a phone's account. */
export const whatsapp: Maker = whatsappWith({});

/** The same with other times, pace or trust: for trials against a pretended network. */
export function whatsappWith(changed: Partial<Tuning>): Maker {
  const tuning: Tuning = { ...usualTuning, ...changed };
  return (row, means) => make(row, means, tuning);
}

function make(row: ChannelRow, { endpoints }: MakerMeans, tuning: Tuning): Channel {
  const settings = whatsappSettings(row.settings);
  const url = socketUrl(endpoints);
  let line: Line | null = null;

  function now(): Line {
    if (line === null) throw new ChannelError('temporary', 'channel.inactive');
    return line;
  }

  return {
    kind: 'whatsapp',
    can: new Set(abilitiesOf.whatsapp),
    async connect(host) {
      // The library costs a second and 100 MB: it is loaded with the first number, not with the server.
      const { Line } = await import('./multi-device/line.ts');
      line = new Line({ host, url, settings, tuning });
      await line.start();
    },
    async disconnect(forget = false) {
      const last = line;
      line = null;
      await last?.end(forget);
    },
    send: async (to, message) => await now().send(to, message),
    gesture: async (to, made) => await line?.gesture(to, made),
    pair: async (how) => await now().pair(how),
    test: async () => await now().test(),
    reread: async (raw) => await now().reread(raw),
  };
}
