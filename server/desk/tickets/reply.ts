import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { messageView } from '#shared/message.ts';
import { DeskError } from '../../errors.ts';
import { allow } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import type { Change } from '../work.ts';
import { ourMessage, spoken, wake } from './outgoing.ts';
import { agentName } from './target.ts';

/**
 * Answers the customer. In an unassigned ticket it takes it; in a colleague's it needs `participate`.
 * Refuses: ticket.closed, ticket.of-colleague (names the colleague).
 */
export const reply = act({
  name: 'ticket.reply',
  action: 'ticket.reply',
  clientId: 'required',
  input: z.strictObject({
    ticketId: input.id,
    text: input.text(limits.replyCharacters),
    participate: z.exactOptional(z.boolean()),
  }),
  output: views.message,
  async run(work, by, { ticketId, text, participate }) {
    const { records, record, at } = work;
    const before = allow(by, 'ticket.reply', await records.tickets.byId(ticketId));
    if (before.closedAt !== null) throw new DeskError('ticket.closed');
    const ofColleague = before.agentId !== null && before.agentId !== by.actor.id;
    if (ofColleague && participate !== true) {
      throw new DeskError('ticket.of-colleague', { name: await agentName(records, before.agentId) });
    }
    const takes = before.agentId === null;
    const content = { text };
    const message = ourMessage(work, before, content);
    const answered = spoken(before, content, at);
    const after = takes ? { ...answered, agentId: by.actor.id, status: 'in-progress' as const } : answered;
    const taken: Change[] = takes ? [{ act: 'ticket.taken' }] : [];
    const kept = await record(before, after, ...taken, { act: 'message.added', message });
    wake(work, kept);
    return messageView({ ...message, seq: kept.seq });
  },
});
