import { Resolver } from 'node:dns/promises';
import { domainOf, isAddress } from './address.ts';
import { type Provider, providers, type ServerPlace } from './providers.ts';

/** What is asked of the DNS; node:dns/promises has it. Both reject when there is nothing. */
export interface MailResolver {
  resolveMx(domain: string): Promise<{ exchange: string; priority: number }[]>;
  resolveSrv(name: string): Promise<{ name: string; port: number; priority: number; weight: number }[]>;
}

export interface GuessedServers {
  imap: ServerPlace;
  smtp: ServerPlace;
  /** Name to log in with, practically everywhere the address. */
  user: string;
  /** From what it is known: the provider's domain, the DNS (RFC 6186), its mail exchanger, or only habit. */
  how: 'provider' | 'srv' | 'exchanger' | 'habit';
  provider: string | null;
  /** What the provider wants instead of the account's password. */
  needs: Provider['needs'];
}

const dnsMs = 3_000;

function usualResolver(): MailResolver {
  return new Resolver({ timeout: dnsMs, tries: 1 });
}

/** Servers of an address, to be proposed and tried; null when it is no address. Never rejects: the DNS may be away. */
export async function guessServers(
  address: string,
  resolver: MailResolver = usualResolver(),
): Promise<GuessedServers | null> {
  if (!isAddress(address)) return null;
  const domain = domainOf(address);
  const own = providers.find(({ domains }) => domains.some((pattern) => fits(pattern, domain)));
  if (own !== undefined) return of(own, address, 'provider');
  const [announced, exchanged] = await Promise.all([bySrv(domain, resolver), byExchanger(domain, resolver)]);
  if (announced !== null) return { ...announced, user: address, how: 'srv', provider: null, needs: null };
  if (exchanged !== null) return of(exchanged, address, 'exchanger');
  return {
    imap: { host: `imap.${domain}`, port: 993, secure: true },
    smtp: { host: `smtp.${domain}`, port: 465, secure: true },
    user: address,
    how: 'habit',
    provider: null,
    needs: null,
  };
}

function fits(pattern: string, domain: string): boolean {
  if (!pattern.endsWith('.*')) return pattern === domain;
  // `yahoo.*`: yahoo.com, yahoo.com.br; never a third level of somebody else's.
  const rest = domain.startsWith(pattern.slice(0, -1)) ? domain.slice(pattern.length - 1) : '';
  return /^[a-z]{2,3}(\.[a-z]{2})?$/.test(rest);
}

function of({ imap, smtp, name, needs }: Provider, user: string, how: GuessedServers['how']): GuessedServers {
  return { imap, smtp, user, how, provider: name, needs };
}

/** RFC 6186 and RFC 8314: a target of `.` says that the service is not offered. */
async function bySrv(domain: string, resolver: MailResolver) {
  const ask = async (service: string, secure: boolean): Promise<ServerPlace | null> => {
    const found = await resolver.resolveSrv(`${service}._tcp.${domain}`).catch(() => []);
    const offered = found.filter(({ name }) => name !== '' && name !== '.');
    const best = offered.sort((a, b) => a.priority - b.priority || b.weight - a.weight)[0];
    return best === undefined ? null : { host: best.name.replace(/\.$/, '').toLowerCase(), port: best.port, secure };
  };
  const [imaps, imap, submissions, submission] = await Promise.all([
    ask('_imaps', true),
    ask('_imap', false),
    ask('_submissions', true),
    ask('_submission', false),
  ]);
  const reading = imaps ?? imap;
  const sending = submissions ?? submission;
  return reading === null || sending === null ? null : { imap: reading, smtp: sending };
}

async function byExchanger(domain: string, resolver: MailResolver): Promise<Provider | null> {
  const found = await resolver.resolveMx(domain).catch(() => []);
  const sorted = found.sort((a, b) => a.priority - b.priority);
  for (const { exchange } of sorted) {
    const name = exchange.replace(/\.$/, '').toLowerCase();
    const known = providers.find(({ exchangers }) =>
      exchangers.some((end) => name === end || name.endsWith(`.${end}`)),
    );
    if (known !== undefined) return known;
  }
  return null;
}
