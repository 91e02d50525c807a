import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Content, Delivery, DeliveryState, Message } from '#shared/message.ts';
import { actorPart, inward, modelOf, objectId, outward, partOptions, rowOptions } from './rows.ts';

const deliveryPart = new Schema(
  {
    state: { type: String, required: true },
    at: { type: Date, required: true },
    attempts: { type: Number, required: true },
    failure: { type: String, default: null },
  },
  partOptions,
);

const schema = new Schema(
  {
    companyId: { type: objectId, required: true },
    ticketId: { type: objectId, required: true },
    seq: { type: Number, required: true },
    at: { type: Date, required: true },
    author: { type: actorPart, required: true },
    direction: { type: String, required: true },
    /** As `shared/message.ts` has it: files, places and cards are only ever read whole. */
    content: { type: Schema.Types.Mixed, required: true },
    channelId: { type: objectId, default: null },
    /** The conversation on its channel; what the customer may see is found by it. */
    conversationKey: { type: String, default: null },
    address: { type: String, default: null },
    providerKey: { type: String, default: null },
    externalId: { type: String, default: null },
    clientId: { type: String, default: null },
    delivery: { type: deliveryPart, default: null },
    replyTo: { type: Schema.Types.Mixed, default: null },
    reactions: { type: [Schema.Types.Mixed], default: [] },
    editedAt: { type: Date, default: null },
    removedAt: { type: Date, default: null },
    /** What the network brought of a message whose content is missing, to read it again. */
    raw: { type: Buffer, default: null, select: false },
  },
  rowOptions,
);
schema.index(
  { channelId: 1, providerKey: 1 },
  { unique: true, name: 'message_key', partialFilterExpression: { providerKey: { $type: 'string' } } },
);
schema.index(
  { channelId: 1, externalId: 1 },
  { name: 'message_external', partialFilterExpression: { externalId: { $type: 'string' } } },
);
schema.index({ companyId: 1, ticketId: 1, seq: 1 }, { name: 'message_ticket' });
schema.index({ companyId: 1, channelId: 1, conversationKey: 1, _id: 1 }, { name: 'message_conversation' });
for (const state of ['queued', 'sending', 'uncertain', 'failed'] as const) {
  schema.index(
    { channelId: 1, _id: 1 },
    { name: `message_${state}`, partialFilterExpression: { 'delivery.state': state } },
  );
}

/** A message with what sending it needs; neither leaves the server. */
export interface KeptMessage extends Message {
  conversationKey: string | null;
  address: string | null;
  /** Only when it is added: as the network brought it. */
  raw?: Uint8Array;
}

/** Messages of one company. */
export function messagesOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'messages');
  return {
    async add(messages: KeptMessage[]): Promise<void> {
      const rows = messages.map(({ raw, ...message }) => ({
        ...inward(companyId, message),
        ...(raw === undefined ? {} : { raw: Buffer.from(raw) }),
      }));
      if (rows.length > 0) await model.insertMany(rows, { session });
    },
    async byId(id: string): Promise<KeptMessage | null> {
      const row = await model.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<KeptMessage>(row);
    },
    async byIds(ids: string[]): Promise<KeptMessage[]> {
      if (ids.length === 0) return [];
      const rows = await model
        .find({ companyId, _id: { $in: ids } })
        .session(session)
        .lean();
      return rows.map(outward<KeptMessage>);
    },
    /** Which of these keys are stored already. */
    async knownKeys(channelId: string, keys: string[]): Promise<Set<string>> {
      // The type is said so that the partial index serves the question.
      const filter = { channelId, providerKey: { $in: keys, $type: 'string' } };
      const rows = await model.find(filter, { providerKey: 1 }).session(session).lean();
      return new Set(rows.map((row) => String(row.providerKey)));
    },
    /** Newest first, before `beforeSeq` (null = from the end), one more than `limit` when there are more. */
    async ofTicket(ticketId: string, beforeSeq: number | null, limit: number): Promise<KeptMessage[]> {
      const rows = await model
        .find({ companyId, ticketId, ...(beforeSeq === null ? {} : { seq: { $lt: beforeSeq } }) })
        .sort({ seq: -1 })
        .limit(limit + 1)
        .session(session)
        .lean();
      return rows.map(outward<KeptMessage>);
    },
    /** A conversation across tickets by message id: the newest `limit` (after === null) or the first ones after it; oldest first. */
    async ofConversation(
      channelId: string,
      conversationKey: string,
      after: string | null,
      limit: number,
    ): Promise<KeptMessage[]> {
      const filter = { companyId, channelId, conversationKey, ...(after === null ? {} : { _id: { $gt: after } }) };
      const rows = await model
        .find(filter)
        .sort({ _id: after === null ? -1 : 1 })
        .limit(limit)
        .session(session)
        .lean();
      const found = rows.map(outward<KeptMessage>);
      return after === null ? found.reverse() : found;
    },
    ...networkSideOf(model, companyId, session),
    ...deliveriesOf(model, companyId, session),
  };
}

/** Messages as their network names them, and what it says of them later. */
function networkSideOf(model: ReturnType<typeof modelOf>, companyId: string, session: ClientSession | null) {
  return {
    async byExternalIds(channelId: string, externalIds: string[]): Promise<KeptMessage[]> {
      if (externalIds.length === 0) return [];
      // The type is said so that the partial index serves the question.
      const filter = { companyId, channelId, externalId: { $in: externalIds, $type: 'string' } };
      const rows = await model.find(filter).sort({ _id: -1 }).session(session).lean();
      return rows.map(outward<KeptMessage>);
    },
    /** Whether this contact wrote something in the ticket. */
    async wroteIn(ticketId: string, contactId: string): Promise<boolean> {
      const filter = { companyId, ticketId, 'author.id': contactId };
      return (await model.findOne(filter, { _id: 1 }).session(session).lean()) !== null;
    },
    /** The customer's newest messages of a ticket. */
    async newestOfCustomer(ticketId: string, limit: number): Promise<KeptMessage[]> {
      const filter = { companyId, ticketId, direction: 'in' };
      const rows = await model.find(filter).sort({ seq: -1 }).limit(limit).session(session).lean();
      return rows.map(outward<KeptMessage>);
    },
    /** Puts the content where it had been missing; null: nothing is missing there. */
    async complete(channelId: string, providerKey: string, content: Content): Promise<KeptMessage | null> {
      const filter = { companyId, channelId, providerKey, 'content.missing': { $type: 'string' } };
      return await changed(filter, { content, raw: null });
    },
    /** Changes what a network may change of a message. */
    async amend(
      id: string,
      fields: Partial<Pick<KeptMessage, 'content' | 'reactions' | 'editedAt' | 'removedAt'>>,
    ): Promise<KeptMessage | null> {
      return await changed({ companyId, _id: id }, fields);
    },
    /** As the network brought it, when that was kept. */
    async rawOf(id: string): Promise<Uint8Array | null> {
      const row = await model.findOne({ companyId, _id: id }, { raw: 1 }).session(session).lean();
      const raw = row?.raw ?? null;
      if (raw === null || raw instanceof Uint8Array) return raw;
      return (raw as { buffer: Uint8Array }).buffer;
    },
  };

  async function changed(filter: object, fields: object): Promise<KeptMessage | null> {
    const row = await model.findOneAndUpdate(filter, { $set: fields }, { returnDocument: 'after', session }).lean();
    return row === null ? null : outward<KeptMessage>(row);
  }
}

/** The outbox: what has still to be sent, and where messages are on their way. */
function deliveriesOf(model: ReturnType<typeof modelOf>, companyId: string, session: ClientSession | null) {
  /** Two partial indexes, so two questions: `$in` over both states would be served by neither. */
  async function waiting(filter: object, limit: number): Promise<KeptMessage[]> {
    const parts = (['sending', 'queued'] as const).map((state) =>
      model
        .find({ ...filter, 'delivery.state': state })
        .sort({ _id: 1 })
        .limit(limit)
        .session(session)
        .lean(),
    );
    const rows = (await Promise.all(parts)).flat().map(outward<KeptMessage>);
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async function moved(filter: object, delivery: Delivery, externalId?: string): Promise<KeptMessage | null> {
    const fields = { delivery, ...(externalId === undefined ? {} : { externalId }) };
    const row = await model.findOneAndUpdate(filter, { $set: fields }, { returnDocument: 'after', session }).lean();
    return row === null ? null : outward<KeptMessage>(row);
  }

  return {
    /** What a channel has still to send or was sending, oldest first, without the conversations named in `not`. */
    async outgoing(channelId: string, not: string[], limit: number): Promise<KeptMessage[]> {
      return await waiting({ channelId, ...(not.length === 0 ? {} : { conversationKey: { $nin: not } }) }, limit);
    },
    /** The oldest message that a conversation has still to send or was sending. */
    async firstOutgoing(channelId: string, conversationKey: string): Promise<KeptMessage | null> {
      return (await waiting({ channelId, conversationKey }, 1))[0] ?? null;
    },
    /** How much of it there is, at most 100, and since when. */
    async queueOf(channelId: string): Promise<{ count: number; oldest: string | null }> {
      const rows = await waiting({ channelId }, 100);
      return { count: rows.length, oldest: rows[0]?.at ?? null };
    },
    /** Of one channel's messages, those in this state, newest first. */
    async inState(channelId: string, state: DeliveryState, limit: number): Promise<KeptMessage[]> {
      const filter = { companyId, channelId, 'delivery.state': state };
      const rows = await model.find(filter).sort({ _id: -1 }).limit(limit).session(session).lean();
      return rows.map(outward<KeptMessage>);
    },
    /** Ends one try: only while that is the newest one and the network has not told more. */
    async settle(id: string, attempts: number, delivery: Delivery, externalId?: string): Promise<KeptMessage | null> {
      const filter = {
        companyId,
        _id: id,
        'delivery.state': { $in: ['queued', 'sending'] },
        'delivery.attempts': attempts,
      };
      return await moved(filter, delivery, externalId);
    },
    /** Moves the delivery on if it still is in one of `from`; answers the message, or null when it has moved. */
    async deliver(
      id: string,
      from: DeliveryState[],
      delivery: Delivery,
      externalId?: string,
    ): Promise<KeptMessage | null> {
      return await moved({ companyId, _id: id, 'delivery.state': { $in: from } }, delivery, externalId);
    },
  };
}

export const messageSchema = { name: 'messages', schema };
