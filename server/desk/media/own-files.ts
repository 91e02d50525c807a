import { abilitiesOf, type ChannelKind, carries } from '#shared/channel.ts';
import type { Attachment } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import type { Caller, Records } from '../desk.ts';

/**
 * Files for a reply, in the order named: uploaded by the caller, belonging nowhere yet, and such as the channel
 * carries. Throws DeskError media.not-found, media.too-big, channel.cannot.
 */
export async function ownFiles(
  records: Records,
  by: Caller,
  channel: ChannelKind | null,
  ids: string[],
): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  if (channel !== null && !abilitiesOf[channel].includes('files')) throw new DeskError('channel.cannot');
  const found = new Map((await records.media.byIds(ids)).map((media) => [media.id, media]));
  return [...new Set(ids)].map((id) => {
    const media = found.get(id);
    if (media === undefined || media.agentId !== by.actor.id || media.ticketId !== null) {
      throw new DeskError('media.not-found');
    }
    if (channel !== null && media.bytes > carries[channel].bytes) {
      throw new DeskError('media.too-big', { name: media.name });
    }
    const { at: _at, agentId: _by, ticketId: _its, page: _never, ...attachment } = media;
    return attachment;
  });
}
