import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import { sees } from '../access.ts';
import * as input from '../input.ts';
import { look } from '../verb.ts';
import * as views from '../views.ts';

/** A file's row for who may see its ticket, or uploaded it. To everybody else it does not exist. */
export const seeMedia = look({
  name: 'media.see',
  action: 'media.see',
  input: z.strictObject({ mediaId: input.id }),
  output: z.extend(views.attachment, { page: z.boolean() }),
  async run({ store }, by, { mediaId }) {
    const media = await store.media.byId(mediaId);
    const ticket = media?.ticketId == null ? null : await store.tickets.byId(media.ticketId);
    const seen = ticket === null ? media?.agentId === by.actor.id : sees(by, ticket);
    if (media === null || !seen) throw new DeskError('media.not-found');
    return media;
  },
});
