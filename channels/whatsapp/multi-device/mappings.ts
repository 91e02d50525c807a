import { jidDecode } from '@whiskeysockets/baileys';
import type { Identity } from '#shared/people.ts';
import type { ChannelEvent, ChannelHost } from '../../channel.ts';
import { identitiesOf, type Mappings } from './chat.ts';
import { decode, recordOf } from './records.ts';

/** The mappings between numbers and LIDs that Baileys keeps, read without asking the network. */
export function mappingsOf(session: ChannelHost['session']): Mappings {
  const read = async (id: string): Promise<string | null> => {
    const name = recordOf.key('lid-mapping', id);
    const bytes = (await session.get([name]))[name];
    const value = bytes === undefined ? null : decode(bytes);
    return typeof value === 'string' ? value : null;
  };
  return { lidOf: read, numberOf: (lid) => read(`${lid}_reverse`) };
}

const most = 5_000;

/** Tells each pair of identities once in a connection's life. */
export class Pairs {
  private readonly told = new Set<string>();

  /** The event that says that two identities are one person; null when there are no two, or it was told. */
  news(identities: Identity[]): ChannelEvent | null {
    const [first, second] = identities;
    if (first === undefined || second === undefined) return null;
    const pair = `${first.value} ${second.value}`;
    if (this.told.has(pair)) return null;
    this.told.add(pair);
    for (const oldest of this.told) {
      if (this.told.size <= most) break;
      this.told.delete(oldest);
    }
    return { type: 'identity', same: [first, second] };
  }
}

/** The identities of a mapping between two addresses. */
export function mappedIdentities({ lid, pn }: { lid: string; pn: string }): Identity[] {
  return identitiesOf({ number: jidDecode(pn)?.user ?? null, lid: jidDecode(lid)?.user ?? null });
}
