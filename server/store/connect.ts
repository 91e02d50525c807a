import mongoose, { type Connection } from 'mongoose';
import { accountSchema } from './accounts.ts';
import { actSchema } from './acts.ts';
import { agentSchema } from './agents.ts';
import { conclusionSchema, departmentSchema } from './catalog.ts';
import { channelLogSchema } from './channel-log.ts';
import { channelSessionSchema } from './channel-sessions.ts';
import { channelSchema } from './channels.ts';
import { contactSchema, identitySchema } from './contacts.ts';
import { counterSchema } from './counters.ts';
import { deadLetterSchema } from './dead-letters.ts';
import { companySchema, inviteSchema } from './directory.ts';
import { earlyEventSchema } from './early-events.ts';
import { forwardingSchema } from './forwardings.ts';
import { historySchema } from './history.ts';
import { leaseSchema } from './leases.ts';
import { mediaSchema } from './media.ts';
import { messageSchema } from './messages.ts';
import { noteSchema } from './notes.ts';
import { sessionSchema } from './sessions.ts';
import { ticketSchema } from './tickets.ts';
import { trialSchema } from './trials.ts';

const schemas = [
  accountSchema,
  actSchema,
  agentSchema,
  channelLogSchema,
  channelSchema,
  channelSessionSchema,
  companySchema,
  conclusionSchema,
  contactSchema,
  counterSchema,
  deadLetterSchema,
  departmentSchema,
  earlyEventSchema,
  forwardingSchema,
  historySchema,
  identitySchema,
  inviteSchema,
  leaseSchema,
  mediaSchema,
  messageSchema,
  noteSchema,
  sessionSchema,
  ticketSchema,
  trialSchema,
];

/** The database cannot be used: it has no transactions, or it does not answer (`cause` says what the driver said). */
export class UnusableDatabase extends Error {
  readonly reason: 'no-replica-set' | 'no-answer';
  constructor(reason: 'no-replica-set' | 'no-answer', message = '') {
    super(message);
    this.reason = reason;
  }
}

/**
 * Connects, checks that transactions work there, and makes collections and indexes, all awaited: none is ever made
 * inside a transaction. Throws UnusableDatabase.
 */
export async function connect(uri: string, databaseName?: string): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 5_000,
    maxPoolSize: 20,
    ...(databaseName === undefined ? {} : { dbName: databaseName }),
  });
  for (const { name, schema } of schemas) connection.model(name, schema, name);
  try {
    await connection.asPromise();
    await wantReplicaSet(connection);
    for (const { name } of schemas) {
      await connection.model(name).createCollection();
      await connection.model(name).createIndexes();
    }
    return connection;
  } catch (error) {
    await connection.close();
    if (error instanceof UnusableDatabase) throw error;
    throw new UnusableDatabase('no-answer', error instanceof Error ? error.message : String(error));
  }
}

async function wantReplicaSet(connection: Connection): Promise<void> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  const transacts = typeof hello?.setName === 'string' || hello?.msg === 'isdbgrid';
  if (!transacts) throw new UnusableDatabase('no-replica-set');
}
