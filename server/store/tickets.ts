import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { ChannelKind } from '#shared/channel.ts';
import type { Ticket } from '#shared/ticket.ts';
import { foldedWords, prefixOf, rarestFirst } from './folding.ts';
import { beyond, type PagePlace } from './page.ts';
import { actorPart, inward, modelOf, objectId, outward, partOptions, rowOptions } from './rows.ts';

/** A ticket with the hash of its last history event, which never leaves the server. */
export interface KeptTicket extends Ticket {
  headHash: string;
}

const contactPart = new Schema(
  { id: { type: objectId, required: true }, name: { type: String, required: true } },
  partOptions,
);
const lastMessagePart = new Schema(
  { at: { type: Date, required: true }, preview: { type: String, default: '' }, by: { type: String, required: true } },
  partOptions,
);

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    protocol: { type: String, required: true },
    seq: { type: Number, required: true },
    status: { type: String, required: true },
    channelId: { type: objectId, default: null },
    channel: { type: String, default: null },
    conversationKey: { type: String, default: null },
    address: { type: String, default: null },
    reach: { type: String, default: null },
    contact: { type: contactPart, required: true },
    description: { type: String, default: '' },
    departmentId: { type: objectId, required: true },
    agentId: { type: objectId, default: null },
    unread: { type: Number, required: true },
    openForwardings: { type: Number, required: true },
    forwardedTo: { type: [objectId], required: true },
    simulated: { type: Boolean, required: true },
    origin: { type: String, required: true },
    openedAt: { type: Date, required: true },
    openedBy: { type: actorPart, required: true },
    closedAt: { type: Date, default: null },
    closedBy: { type: actorPart, default: null },
    closingNote: { type: String, default: null },
    previousId: { type: objectId, default: null },
    waitingSince: { type: Date, default: null },
    lastAt: { type: Date, required: true },
    lastMessage: { type: lastMessagePart, default: null },
    headHash: { type: String, required: true },
    /** Words to be found by, without case and accents. */
    words: { type: [String], required: true },
  },
  rowOptions,
);
const open = { closedAt: null };
schema.index({ companyId: 1, protocol: 1 }, { unique: true, name: 'ticket_protocol' });
schema.index(
  { companyId: 1, channelId: 1, conversationKey: 1 },
  {
    unique: true,
    name: 'ticket_open_conversation',
    partialFilterExpression: { ...open, channelId: { $type: 'objectId' } },
  },
);
schema.index({ companyId: 1, channelId: 1, conversationKey: 1, _id: -1 }, { name: 'ticket_conversation' });
schema.index({ companyId: 1, lastAt: -1, _id: -1 }, { name: 'ticket_open', partialFilterExpression: open });
schema.index({ companyId: 1, 'contact.id': 1 }, { name: 'ticket_open_contact', partialFilterExpression: open });
for (const [name, field] of [
  ['department', 'departmentId'],
  ['agent', 'agentId'],
  ['forwarded', 'forwardedTo'],
] as const) {
  schema.index(
    { companyId: 1, [field]: 1, lastAt: -1, _id: -1 },
    { name: `ticket_open_${name}`, partialFilterExpression: open },
  );
}
const closed = { status: 'closed' };
schema.index(
  { companyId: 1, lastAt: -1, _id: -1, status: 1 },
  { name: 'ticket_closed', partialFilterExpression: closed },
);
schema.index(
  { companyId: 1, departmentId: 1, lastAt: -1, _id: -1, status: 1 },
  { name: 'ticket_closed_department', partialFilterExpression: closed },
);
schema.index(
  { companyId: 1, agentId: 1, lastAt: -1, _id: -1, status: 1 },
  { name: 'ticket_closed_agent', partialFilterExpression: closed },
);
schema.index({ companyId: 1, words: 1 }, { name: 'ticket_words' });

/** One way in which an agent may see tickets; `all` is the whole company. */
export type Sight = { departmentIds: string[] } | { forwardedTo: string[] } | { agentId: string } | { all: true };

/** Which tickets a list shows. */
export interface TicketFilter {
  open: boolean;
  agentId?: string | null;
  departmentId?: string;
  channel?: ChannelKind;
  q?: string;
}

function sightFilter(sight: Sight): Record<string, unknown> {
  if ('all' in sight) return {};
  if ('agentId' in sight) return { agentId: sight.agentId };
  return 'departmentIds' in sight
    ? { departmentId: { $in: sight.departmentIds } }
    : { forwardedTo: { $in: sight.forwardedTo } };
}

function filterOf(companyId: string, sight: Sight, wanted: TicketFilter): Record<string, unknown>[] {
  const parts: Record<string, unknown>[] = [
    { companyId, ...(wanted.open ? { closedAt: null } : { status: 'closed' }) },
    sightFilter(sight),
  ];
  if (wanted.agentId !== undefined) parts.push({ agentId: wanted.agentId });
  if (wanted.departmentId !== undefined) parts.push({ departmentId: wanted.departmentId });
  if (wanted.channel !== undefined) parts.push({ channel: wanted.channel });
  for (const word of rarestFirst(foldedWords(wanted.q ?? ''))) parts.push({ words: prefixOf(word) });
  return parts.filter((part) => Object.keys(part).length > 0);
}

const wordsOf = ({ contact, protocol }: KeptTicket): string[] =>
  foldedWords(`${contact.name} ${protocol} ${protocol.split('-')[1] ?? ''}`);

/** The fields that differ. */
function changesOf(before: KeptTicket, after: KeptTicket): Record<string, unknown> {
  const was: Record<string, unknown> = { ...before };
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => name !== 'id' && JSON.stringify(value) !== JSON.stringify(was[name]),
    ),
  );
}

/** Single tickets by what names them. */
function singlesOf(one: (filter: Record<string, unknown>) => Promise<KeptTicket | null>) {
  return {
    byId: (id: string) => one({ _id: id }),
    byProtocol: (protocol: string) => one({ protocol }),
    /** Whether this channel ever had a ticket. */
    anyOf: async (channelId: string) => (await one({ channelId })) !== null,
  };
}

/** Tickets by the conversation or contact that they belong to. */
function openTicketsOf(model: ReturnType<typeof modelOf>, companyId: string, session: ClientSession | null) {
  return {
    /** The open tickets of a contact, oldest first. */
    async openOfContact(contactId: string): Promise<KeptTicket[]> {
      const filter = { companyId, 'contact.id': contactId, ...open };
      const rows = await model.find(filter, { words: 0 }).sort({ _id: 1 }).session(session).lean();
      return rows.map(outward<KeptTicket>);
    },
    /** The open tickets of these conversations of a channel: at most one each, by unique index. */
    async openIn(channelId: string, conversationKeys: string[]): Promise<KeptTicket[]> {
      const filter = { companyId, channelId, conversationKey: { $in: conversationKeys }, closedAt: null };
      return (await model.find(filter, { words: 0 }).session(session).lean()).map(outward<KeptTicket>);
    },
    /** The newest ticket of a conversation, open or closed. */
    async lastIn(channelId: string, conversationKey: string): Promise<KeptTicket | null> {
      const row = await model
        .findOne({ companyId, channelId, conversationKey }, { words: 0 })
        .sort({ _id: -1 })
        .session(session)
        .lean();
      return row === null ? null : outward<KeptTicket>(row);
    },
  };
}

/** Tickets of one company. */
export function ticketsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'tickets');
  const one = async (filter: Record<string, unknown>): Promise<KeptTicket | null> => {
    const row = await model
      .findOne({ companyId, ...filter }, { words: 0 })
      .session(session)
      .lean();
    return row === null ? null : outward<KeptTicket>(row);
  };
  return {
    ...singlesOf(one),
    ...openTicketsOf(model, companyId, session),
    async byIds(ids: string[]): Promise<KeptTicket[]> {
      if (ids.length === 0) return [];
      const rows = await model
        .find({ companyId, _id: { $in: ids } }, { words: 0 })
        .session(session)
        .lean();
      return rows.map(outward<KeptTicket>);
    },
    async add(tickets: KeptTicket[]): Promise<void> {
      const rows = tickets.map((ticket) => ({ ...inward(companyId, ticket), words: wordsOf(ticket) }));
      if (rows.length > 0) await model.insertMany(rows, { session });
    },
    /** Writes what changed in each ticket where nobody wrote it since `before`; false when somebody did in any of them. */
    async put(changed: { before: KeptTicket; after: KeptTicket }[]): Promise<boolean> {
      if (changed.length === 0) return true;
      const writes = changed.map(({ before, after }) => ({
        updateOne: {
          filter: { companyId, _id: after.id, seq: before.seq },
          update: { $set: { ...changesOf(before, after), seq: after.seq } },
        },
      }));
      const done = await model.bulkWrite(writes, session === null ? {} : { session });
      return done.matchedCount === changed.length;
    },
    /** Ordered by last message; one more than `limit` when there are more. */
    async page(
      sight: Sight,
      wanted: TicketFilter,
      order: 'rising' | 'falling',
      after: PagePlace | null,
      limit: number,
    ): Promise<KeptTicket[]> {
      const sign = order === 'falling' ? -1 : 1;
      const rows = await model
        .find({ $and: [...filterOf(companyId, sight, wanted), beyond('lastAt', after, order)] }, { words: 0 })
        .sort({ lastAt: sign, _id: sign })
        .limit(limit + 1)
        .session(session)
        .lean();
      return rows.map(outward<KeptTicket>);
    },
    /** How many there are, counting no further than `most`. */
    async count(sight: Sight, wanted: TicketFilter, most: number): Promise<number> {
      return await model.countDocuments({ $and: filterOf(companyId, sight, wanted) }, { limit: most });
    },
  };
}

export const ticketSchema = { name: 'tickets', schema };
