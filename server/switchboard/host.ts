import type { ChannelEvent, ChannelHost } from '#channels/channel.ts';
import { ChannelError } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { faultPoint } from '#shared/fault.ts';
import { limits } from '#shared/limits.ts';
import { BlobGone } from '../blobs/blobs.ts';
import type { Desk, KeptChannel, KeptMessage } from '../desk/desk.ts';
import { FileRefused, type Media } from '../media/media.ts';
import { dayQuota } from './day-quota.ts';
import { inboxOf } from './inbox.ts';
import type { Lease } from './lease.ts';
import type { Quiet } from './quiet.ts';
import { sessionOf } from './session.ts';

interface Means {
  desk: Desk;
  /** As it is since the channel connected; a changed row connects anew. */
  row: KeptChannel;
  lease: Lease;
  media: Media;
  quiet: Quiet;
  tell(connection: Connection): void;
  /** An event was stored that had waited at the network. */
  recovered(): void;
  log(line: string, about: Record<string, unknown>): void;
}

/** What the desk offers to one channel for as long as the lease holds. */
export function channelHost(means: Means): ChannelHost {
  const { desk, row, lease, media, quiet, tell, log } = means;
  const { store } = desk;
  const channelId = row.id;
  const quota = dayQuota(limits.customerDayBytes, desk.now);
  const inbox = inboxOf({ desk, row, signal: lease.signal, unclean: lease.taken, quiet, log });

  return {
    channelId,
    signal: lease.signal,
    async receive(event: ChannelEvent) {
      if (event.type === 'connection') {
        if (!lease.signal.aborted || event.connection.phase === 'off') tell(event.connection);
        return 'stored';
      }
      await quiet.over();
      await faultPoint('I1');
      const taken = await inbox.take(event);
      await faultPoint('I8');
      if (taken === 'stored' && event.type === 'message' && event.backlog === true) means.recovered();
      return taken;
    },
    own: (account) => store.channels.own(row.kind, channelId, account),
    async transcript(conversation, after, limit) {
      return (await store.messages.ofConversation(channelId, conversation, after, limit)).map(lineOf);
    },
    session: sessionOf(desk, channelId, lease),
    media: {
      async save(bytes, { from, ...about }) {
        try {
          return await media.save(desk, from === undefined ? bytes : quota.counted(from, bytes), about);
        } catch (error) {
          throw error instanceof FileRefused ? new ChannelError('refused', error.code) : error;
        }
      },
      async open(id) {
        const about = await store.media.byId(id);
        if (about === null) throw new ChannelError('refused', 'media.not-found');
        const { at: _at, agentId: _by, ticketId: _its, page: _page, ...attachment } = about;
        return { about: attachment, bytes: found(media.read(id, 'whole')) };
      },
    },
    async sentContent(externalId) {
      const messages = await store.messages.byExternalIds(channelId, [externalId]);
      return messages.find(({ direction }) => direction === 'out')?.content ?? null;
    },
    log: (line, about) => log(line, { channelId, ...about }),
  };
}

/** A row without its bytes is a file that cannot be sent. */
async function* found(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw error instanceof BlobGone ? new ChannelError('refused', 'media.not-found') : error;
  }
}

function lineOf({ id, at, direction, author, content, providerKey }: KeptMessage) {
  const from = direction === 'in' ? ('customer' as const) : ('desk' as const);
  return { id, at, key: providerKey, from, name: author.name, text: content.text };
}
