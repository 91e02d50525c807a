import type { Desk, KeptMessage } from '../desk.ts';

/** Tells the consoles that watch the ticket of a message that changed in place; null (nothing has moved) tells nothing. */
export async function tellMessage(desk: Desk, message: KeptMessage | null): Promise<void> {
  if (message === null) return;
  const ticket = await desk.store.tickets.byId(message.ticketId);
  if (ticket === null) return;
  const { headHash: _kept, ...plain } = ticket;
  desk.say({ event: 'message.changed', payload: { companyId: desk.company.id, ticket: plain, message } });
}
