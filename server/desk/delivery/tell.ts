import type { Desk, KeptMessage } from '../desk.ts';

/** Tells the consoles that watch the ticket; null (nothing has moved) tells nothing. Delivery writes no history. */
export async function tellDelivery(desk: Desk, message: KeptMessage | null): Promise<void> {
  if (message === null) return;
  const ticket = await desk.store.tickets.byId(message.ticketId);
  if (ticket === null) return;
  const { headHash: _kept, ...plain } = ticket;
  desk.say({ event: 'message.changed', payload: { companyId: desk.company.id, ticket: plain, message } });
}
