import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Delivery, DeliveryState, Message } from '#shared/message.ts';
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
    content: { type: new Schema({ text: { type: String, default: '' } }, partOptions), required: true },
    channelId: { type: objectId, default: null },
    /** The conversation on its channel; what the customer may see is found by it. */
    conversationKey: { type: String, default: null },
    address: { type: String, default: null },
    providerKey: { type: String, default: null },
    externalId: { type: String, default: null },
    clientId: { type: String, default: null },
    delivery: { type: deliveryPart, default: null },
  },
  rowOptions,
);
schema.index(
  { channelId: 1, providerKey: 1 },
  { unique: true, name: 'message_key', partialFilterExpression: { providerKey: { $type: 'string' } } },
);
schema.index({ companyId: 1, ticketId: 1, seq: 1 }, { name: 'message_ticket' });
schema.index({ companyId: 1, channelId: 1, conversationKey: 1, _id: 1 }, { name: 'message_conversation' });
for (const state of ['queued', 'sending'] as const) {
  schema.index(
    { channelId: 1, _id: 1 },
    { name: `message_${state}`, partialFilterExpression: { 'delivery.state': state } },
  );
}

/** A message with what sending it needs; neither leaves the server. */
export interface KeptMessage extends Message {
  conversationKey: string | null;
  address: string | null;
}

/** Messages of one company. */
export function messagesOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const model = modelOf(connection, 'messages');
  return {
    async add(messages: KeptMessage[]): Promise<void> {
      const rows = messages.map((message) => inward(companyId, message));
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
    ...deliveriesOf(model, companyId, session),
  };
}

/** The outbox: what has still to be sent, and where messages are on their way. */
function deliveriesOf(model: ReturnType<typeof modelOf>, companyId: string, session: ClientSession | null) {
  return {
    /** What a channel has still to send or was sending, oldest first. */
    async outgoing(channelId: string, state: 'queued' | 'sending', limit: number): Promise<KeptMessage[]> {
      const rows = await model
        .find({ channelId, 'delivery.state': state })
        .sort({ _id: 1 })
        .limit(limit)
        .session(session)
        .lean();
      return rows.map(outward<KeptMessage>);
    },
    /** Moves the delivery on if it still is in one of `from`; answers the message, or null when it has moved. */
    async deliver(
      id: string,
      from: DeliveryState[],
      delivery: Delivery,
      externalId?: string,
    ): Promise<KeptMessage | null> {
      const row = await model
        .findOneAndUpdate(
          { companyId, _id: id, 'delivery.state': { $in: from } },
          { $set: { delivery, ...(externalId === undefined ? {} : { externalId }) } },
          { returnDocument: 'after', session },
        )
        .lean();
      return row === null ? null : outward<KeptMessage>(row);
    },
  };
}

export const messageSchema = { name: 'messages', schema };
