import type { customer as source } from '../pt-BR/customer.ts';

export const customer: typeof source = {
  device: 'Phone',
  farewell: 'Ticket {protocol} is closed. If you need us again, just write. Thank you!',
  webchatTitle: 'Talk to us',
  webchatGreeting: 'Hello! How can we help?',
};
