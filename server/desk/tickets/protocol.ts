import type { Company } from '#shared/company.ts';
import type { Desk } from '../desk.ts';

/** The next `AAAA-NNNNNN` of the company, in its own year. Taken before the transaction: gaps are allowed, reuse never. */
export async function nextProtocol(desk: Desk): Promise<string> {
  const year = yearOf(desk.company, desk.now());
  const number = await desk.store.counters.next(`protocol-${year}`);
  return `${year}-${String(number).padStart(6, '0')}`;
}

function yearOf(company: Company, now: string): string {
  return new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: company.timezone }).format(new Date(now));
}
