import { signal } from '@preact/signals';
import type { TicketPage } from '#shared/api.ts';
import type { ChannelKind } from '#shared/channel.ts';
import type { Language } from '#shared/company.ts';
import type { TicketView } from '#shared/ticket.ts';
import { get } from '../../http.ts';
import { keep, kept } from './session-memory.ts';

/** A pretended customer. `from` is their number, user, address or visitor. */
export interface Customer {
  as: ChannelKind;
  from: string;
  name: string;
  /** Their open ticket, when it is known. */
  ticketId: string | null;
}

type Ready = Record<ChannelKind, readonly [string, string][]>;

// Made up: number ranges and names that nobody owns.
const ready: Record<Language, Ready> = {
  'pt-BR': {
    whatsapp: [
      ['Marina Duarte', '+5551990000001'],
      ['Ricardo Alves', '+5551990000002'],
    ],
    telegram: [['Otávio Reis', '@otavio_reis']],
    email: [['Helena Prado', 'helena.prado@correio.example']],
    webchat: [['Caio Ramos', 'visitante-1f0a']],
  },
  en: {
    whatsapp: [
      ['Marina Dwight', '+15550100001'],
      ['Richard Allen', '+15550100002'],
    ],
    telegram: [['Owen Reese', '@owen_reese']],
    email: [['Helen Parker', 'helen.parker@mail.example']],
    webchat: [['Kyle Ramsey', 'visitor-1f0a']],
  },
};

/** Customers that were added in this session. */
const added = signal<Customer[]>(kept<Customer[]>('customers', [], Array.isArray));

/** Customers of the simulated tickets that are open. */
const met = signal<Customer[]>([]);

/** Whoever may be written as on a network: those with an open ticket first, then those added, then some ready ones. */
export function customersOf(as: ChannelKind, language: Language): Customer[] {
  const some = ready[language][as].map(([name, from]) => ({ as, from, name, ticketId: null }));
  const all = [...met.value, ...added.value, ...some].filter((one) => one.as === as);
  return [...new Map(all.toReversed().map((one) => [one.from, one])).values()].toReversed();
}

/** Remembers a new customer for this session. */
export function addCustomer(customer: Customer): void {
  added.value = [customer, ...added.value.filter((one) => one.from !== customer.from || one.as !== customer.as)];
  keep('customers', added.value);
}

/** Asks which simulated conversations are open. */
export async function meetCustomers(): Promise<void> {
  const { items } = await get<TicketPage>('/tickets', { status: 'open', limit: 100 });
  met.value = items.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1)).flatMap(customersOfTicket);
}

/** The customer of the open simulated conversation with the latest message. */
export function latest(): Customer | undefined {
  return met.value[0];
}

/** The pretended customer of a ticket; none of a ticket that is not simulated. */
export function customersOfTicket({ id, simulated, channel, address, contact }: TicketView): Customer[] {
  if (!simulated || channel === null || address === null) return [];
  return [{ as: channel, from: address, name: contact.name, ticketId: id }];
}
