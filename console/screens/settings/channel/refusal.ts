import { Refused } from '../../../refused.ts';
import type { Check } from './checks.tsx';

/** What of a server's settings a failure speaks of. */
const partOf: Record<string, string> = {
  'mail.host-unknown': 'host',
  'mail.connection-refused': 'port',
  'mail.timeout': 'port',
  'mail.tls': 'secure',
};

/** Which field of the settings a failed check speaks of; null: none by itself. */
export function fieldOf({ step, code }: Check): string | null {
  if (code === 'telegram.token') return 'config.token';
  // One password serves both servers.
  if (code === 'mail.login-refused' || code === 'mail.app-password') return 'config.imap.password';
  const part = partOf[code ?? ''];
  if (part === undefined || step === 'mail.round-trip') return null;
  return `config.${step === 'mail.smtp-login' ? 'smtp' : 'imap'}.${part}`;
}

/** The checks that failed, as if the server had refused the settings: by field where that can be told. */
export function refusalOf(checks: readonly Check[]): Refused {
  const failed = checks.filter(({ ok }) => !ok);
  const fields: Record<string, string> = {};
  for (const check of failed) {
    const field = fieldOf(check);
    if (field !== null && check.code !== null) fields[field] = check.code;
  }
  if (Object.keys(fields).length > 0) return new Refused({ code: 'input.invalid', fields });
  return new Refused({ code: 'channel.trouble', about: { reason: failed[0]?.code ?? 'internal' } });
}
