import mongoose, { type ClientSession, type Connection } from 'mongoose';
import { accountsOf } from './accounts.ts';
import { actsOf } from './acts.ts';
import { agentsOf } from './agents.ts';
import { catalogOf } from './catalog.ts';
import { channelLogOf } from './channel-log.ts';
import { channelSessionsOf } from './channel-sessions.ts';
import { channelsOf } from './channels.ts';
import { contactsOf } from './contacts.ts';
import { countersOf } from './counters.ts';
import { deadLettersOf } from './dead-letters.ts';
import { directoryOf } from './directory.ts';
import { earlyEventsOf } from './early-events.ts';
import { duplicateOf } from './faults.ts';
import { forwardingsOf } from './forwardings.ts';
import { historyOf } from './history.ts';
import { leasesOf } from './leases.ts';
import { mediaOf } from './media.ts';
import { messagesOf } from './messages.ts';
import { notesOf } from './notes.ts';
import { sessionsOf } from './sessions.ts';
import { ticketsOf } from './tickets.ts';
import { trialsOf } from './trials.ts';

function nounsOf(connection: Connection, companyId: string, session: ClientSession | null) {
  return {
    companyId,
    acts: actsOf(connection, companyId, session),
    agents: agentsOf(connection, companyId, session),
    catalog: catalogOf(connection, companyId, session),
    channels: channelsOf(connection, companyId, session),
    channelLog: channelLogOf(connection, companyId, session),
    channelSessions: channelSessionsOf(connection, companyId, session),
    contacts: contactsOf(connection, companyId, session),
    counters: countersOf(connection, companyId, session),
    deadLetters: deadLettersOf(connection, companyId, session),
    earlyEvents: earlyEventsOf(connection, companyId, session),
    forwardings: forwardingsOf(connection, companyId, session),
    history: historyOf(connection, companyId, session),
    leases: leasesOf(connection, companyId, session),
    media: mediaOf(connection, companyId, session),
    messages: messagesOf(connection, companyId, session),
    notes: notesOf(connection, companyId, session),
    tickets: ticketsOf(connection, companyId, session),
    trials: trialsOf(connection, companyId, session),
    /** What stands before companies; verbs of setup, invites and sign-in only. */
    accounts: accountsOf(connection, session),
    directory: directoryOf(connection, session),
    sessions: sessionsOf(connection, session),
  };
}

/** One company's records; inside `transact`, all in one transaction. */
export type Records = ReturnType<typeof nounsOf>;

/** One company's records outside any transaction, and the way into one. */
export type Store = Records & {
  /**
   * All or nothing, majority-committed, with snapshot reads. `work` runs again on a write conflict, so it must not
   * leave traces outside `records`. Throws Duplicate when a unique index refused.
   */
  transact<T>(work: (records: Records) => Promise<T>): Promise<T>;
};

/** Binds the store to one company: no query leaves it without that company's id. */
export function storeOf(connection: Connection, companyId: string): Store {
  return { ...nounsOf(connection, companyId, null), transact: (work) => transact(connection, companyId, work) };
}

async function transact<T>(
  connection: Connection,
  companyId: string,
  work: (records: Records) => Promise<T>,
): Promise<T> {
  const session = await connection.startSession();
  try {
    return await session.withTransaction(() => work(nounsOf(connection, companyId, session)), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
    });
  } catch (error) {
    throw duplicateOf(error) ?? error;
  } finally {
    await session.endSession();
  }
}

/** A new record id: 24 hex digits, rising within this process. */
export function newId(): string {
  return new mongoose.Types.ObjectId().toHexString();
}
