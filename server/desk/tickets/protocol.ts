import type { Company } from '#shared/company.ts';
import type { Desk } from '../desk.ts';

/** The next `n` protocols (`AAAA-NNNNNN`) of the company, in its own year. Taken before the transaction: gaps are allowed, reuse never. */
export async function nextProtocols(desk: Desk, n: number): Promise<string[]> {
  const year = yearOf(desk.company, desk.now());
  const first = await desk.store.counters.next(`protocol-${year}`, n);
  return Array.from({ length: n }, (_, index) => `${year}-${String(first + index).padStart(6, '0')}`);
}

function yearOf(company: Company, now: string): string {
  return new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: company.timezone }).format(new Date(now));
}
