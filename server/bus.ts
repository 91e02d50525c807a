import type { Check, Gesture } from '#channels/channel.ts';
import type { Connection } from '#shared/channel.ts';
import type { Entry } from '#shared/history.ts';
import type { Message } from '#shared/message.ts';
import type { Actor } from '#shared/people.ts';
import type { Ticket } from '#shared/ticket.ts';

/** What is told after a commit. The database is the truth; a listener that misses one finds it there. */
export interface DeskEvents {
  'ticket.changed': { companyId: string; before: Ticket | null; after: Ticket; entries: Entry[] };
  'message.changed': { companyId: string; ticket: Ticket; message: Message };
  'catalog.changed': { companyId: string };
  'channel.changed': { companyId: string; channelId: string };
  'connection.changed': { companyId: string; channelId: string; connection: Connection };
  /** Rights of an agent changed: sockets are told again what they may see, or closed. */
  'agent.changed': { companyId: string; agentId: string };
  /** These sign-ins ended. */
  'sessions.ended': { sessionIds: string[] };
  'outbox.wake': { channelId: string };
  /** Something that a network is told in passing; it may be lost. */
  /** `by`: whose it is, where it must be taken off again when the network refuses it. */
  'gesture.wanted': { companyId: string; channelId: string; to: string; gesture: Gesture; by?: Actor };
  /** A customer began or stopped typing. */
  'customer.typing': { ticketId: string; on: boolean };
  /** One check of settings that an agent tries. */
  'probe.checked': { agentId: string; probeId: string; check: Check };
}

/** One event with its name, as verbs hand it over. */
export type News = { [K in keyof DeskEvents]: { event: K; payload: DeskEvents[K] } }[keyof DeskEvents];

export interface Bus {
  on<K extends keyof DeskEvents>(event: K, listener: (payload: DeskEvents[K]) => void): void;
  say(news: News): void;
}

/** Typed events inside one process. A listener's fault goes to `fault` and never reaches the speaker or other listeners. */
export function createBus(fault: (event: string, error: unknown) => void): Bus {
  const listeners = new Map<string, ((payload: never) => void)[]>();
  return {
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
    say({ event, payload }) {
      for (const listener of listeners.get(event) ?? []) {
        try {
          listener(payload as never);
        } catch (error) {
          fault(event, error);
        }
      }
    },
  };
}
