import { createHash } from 'node:crypto';
import { abilitiesOf } from '#shared/channel.ts';
import type { ChatLine } from '#shared/live.ts';
import { type Channel, ChannelError, type ChannelHost, type ChannelRow, type MakerMeans } from '../channel.ts';
import { type Handshake, type Peer, Refused, type ServedSockets } from '../sockets.ts';
import { tellConnection } from '../support/connection.ts';
import { underway } from '../support/underway.ts';
import { tokenOf } from './input.ts';
import { limiter } from './limiter.ts';
import { receiptsOf } from './receipts.ts';
import { webchatSettings } from './settings.ts';
import { type Room, visitorPeer } from './visitor.ts';

/** The sockets' namespace of the visitors. */
export const webchatNamespace = '/webchat';

const windowMs = 10_000;
const saysMost = 10;
const asksMost = 100;
const nameless = { 'pt-BR': 'Visitante', en: 'Visitor' };

/**
 * A chat on a web site. Visitors prove themselves by a token that only their browser keeps; here they are its SHA-256.
 * Throws ChannelError naming the field for wrong settings (`publicId` when the row has none).
 */
export function webchat(row: ChannelRow, means: MakerMeans): Channel {
  const { title, language } = webchatSettings(row.settings);
  const { publicId } = row;
  if (publicId === null || publicId === '') throw new ChannelError('refused', 'input.invalid', 'publicId');
  const work = underway();
  let connected: { host: ChannelHost; served: ServedSockets } | null = null;
  // Outlives `connected` while the last handlers finish.
  let host: ChannelHost | null = null;

  function now(): ChannelHost {
    if (host === null) throw new Refused('channel.inactive');
    return host;
  }

  const room: Room = {
    host: now,
    show: (visitor, line) => connected?.served.emit(visitor, 'line', line),
    work,
    receipts: receiptsOf(now),
    says: limiter(saysMost, windowMs),
    asks: limiter(asksMost, windowMs),
    nameless: nameless[language],
  };

  return {
    kind: 'webchat',
    can: new Set(abilitiesOf.webchat),
    async connect(given) {
      host = given;
      const served = means.sockets.serve(webchatNamespace, publicId, async (handshake) => enter(room, handshake));
      connected = { host: given, served };
      await tellConnection(given, { phase: 'connecting', attempt: 1 });
      await tellConnection(given, { phase: 'online', as: title });
    },
    async disconnect() {
      const last = connected;
      connected = null;
      last?.served.close();
      await work.drained();
      host = null;
      if (last !== null) await tellConnection(last.host, { phase: 'off' });
    },
    async send(to, { id, at, authorName, content, claim }) {
      if (content === null) throw new ChannelError('refused', 'channel.cannot');
      if (connected === null) throw new ChannelError('temporary', 'channel.inactive');
      await claim(id);
      const line: ChatLine = { id, at, from: 'desk', name: authorName, text: content.text };
      connected?.served.emit(to, 'line', line);
      // Taken even when nobody is there: the transcript has it when the visitor comes back.
      return { externalId: id };
    },
  };
}

function enter(room: Room, { auth }: Handshake): Peer | null {
  const token = tokenOf(auth);
  return token === null ? null : visitorPeer(room, createHash('sha256').update(token).digest('hex'));
}
