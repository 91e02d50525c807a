import type { Actor } from './people.ts';

/** Internal: the customer never sees it. */
export interface Note {
  id: string;
  ticketId: string;
  at: string;
  author: Actor;
  text: string;
  clientId: string | null;
}
