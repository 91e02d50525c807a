import type { ChannelEvent, ChannelHost } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import { receipt } from './desk/delivery/receipt.ts';
import type { Desk, KeptChannel, KeptMessage } from './desk/desk.ts';
import { intakeOf } from './intake.ts';

interface Means {
  desk: Desk;
  /** As it is since the channel connected; a changed row connects anew. */
  row: KeptChannel;
  tell(connection: Connection): void;
  log(line: string, about: Record<string, unknown>): void;
}

/** What the desk offers to one channel: the one way in, the customer's transcript, the channel's own small records. */
export function channelHost({ desk, row, tell, log }: Means): ChannelHost {
  const { store } = desk;
  const channelId = row.id;
  const intake = intakeOf(desk, row);

  async function takeIn(event: ChannelEvent): Promise<'stored' | 'known'> {
    switch (event.type) {
      case 'connection':
        tell(event.connection);
        return 'stored';
      case 'receipt':
        return await receipt(desk, channelId, event);
      case 'message':
        return await intake.take(event);
    }
  }

  return {
    channelId,
    receive: takeIn,
    async transcript(conversation, after, limit) {
      return (await store.messages.ofConversation(channelId, conversation, after, limit)).map(lineOf);
    },
    session: {
      set: (changes) => store.transact((records) => records.channelSessions.set(channelId, changes)),
      list: (prefix, limit) => store.channelSessions.list(channelId, prefix, limit),
    },
    log: (line, about) => log(line, { channelId, ...about }),
  };
}

function lineOf({ id, at, direction, author, content, providerKey }: KeptMessage) {
  const from = direction === 'in' ? ('customer' as const) : ('desk' as const);
  return { id, at, key: providerKey, from, name: author.name, text: content.text };
}
