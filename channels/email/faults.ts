import { ChannelError } from '../channel.ts';

/** What is known of an error of the network, from whichever library. */
interface Facts {
  code: string;
  /** The server's own word. */
  text: string;
  /** SMTP reply code; 0 without one. */
  reply: number;
  command: string;
  authentication: boolean;
}

function factsOf(error: unknown): Facts {
  const about: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {};
  const message = error instanceof Error ? error.message : '';
  const text = [about.responseText, about.response, message].find((part) => typeof part === 'string' && part !== '');
  return {
    code: typeof about.code === 'string' ? about.code : '',
    text: typeof text === 'string' ? text : '',
    reply: typeof about.responseCode === 'number' ? about.responseCode : 0,
    command: typeof about.command === 'string' ? about.command : '',
    authentication: about.authenticationFailed === true || about.code === 'EAUTH',
  };
}

const unknownHost = /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EDNS)$/;
const slow = /^(CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|ETIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const untrusted = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|ETLS|HOSTNAME_MISMATCH)/;
const untrustedText = /(certificate|ssl routines|wrong version number|tlsv1|STARTTLS|altname)/i;
/** Servers also answer a login so when they are busy, or when too many are connected. */
const passing = /(temporar|try again|too many|unavailable|\bLIMIT\b|\bINUSE\b|rate)/i;
const appPassword =
  /(application-specific password|app password|less secure|web login required|5\.7\.9|BasicAuthBlocked)/i;

/**
 * Why there is no connection, as a code: `mail.host-unknown`, `mail.connection-refused`, `mail.timeout`, `mail.tls`,
 * `mail.login-refused`, `mail.app-password` (the provider takes no account password), `mail.login-later`,
 * `mail.folder-missing`, `mail.connection-lost`.
 */
export function reasonOf(error: unknown): string {
  const { code, text, reply, authentication } = factsOf(error);
  if (error instanceof ChannelError) return error.code;
  if (authentication) {
    if (appPassword.test(text)) return 'mail.app-password';
    return passing.test(text) || (reply >= 400 && reply < 500) ? 'mail.login-later' : 'mail.login-refused';
  }
  if (unknownHost.test(code) || /\b(ENOTFOUND|EAI_AGAIN)\b/.test(text)) return 'mail.host-unknown';
  if (code === 'ECONNREFUSED' || /\bECONNREFUSED\b/.test(text)) return 'mail.connection-refused';
  if (untrusted.test(code) || untrustedText.test(text)) return 'mail.tls';
  return slow.test(code) ? 'mail.timeout' : 'mail.connection-lost';
}

/** Whether only a person can help: the server does not know the password any more. */
export function isLoggedOut(reason: string): boolean {
  return reason === 'mail.login-refused' || reason === 'mail.app-password';
}

const minute = 60_000;

/**
 * The fault of a failed send (RFC 5321 4.2.1): 5xx is refused for good, all else is temporary, for the same Message-ID
 * is sent again without harm; greylisting is given its five minutes.
 */
export function sendFault(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  const { reply, text, code, authentication } = factsOf(error);
  if (authentication || code === 'ENOAUTH') {
    const reason = reasonOf(error);
    if (isLoggedOut(reason)) return new ChannelError('logged-out', reason);
    return new ChannelError('temporary', reason, null, minute);
  }
  if (reply >= 500) return new ChannelError('refused', refusalOf(reply, text));
  if (code === 'EMESSAGE' && /size larger/i.test(text)) return new ChannelError('refused', 'mail.too-big');
  if (code === 'EENVELOPE' && reply === 0) return new ChannelError('refused', 'mail.address-invalid');
  if (code === 'ESTREAM') return new ChannelError('temporary', 'mail.file-unreadable');
  if (reply === 421) return new ChannelError('temporary', 'mail.server-busy', null, minute);
  if (reply >= 400) return new ChannelError('temporary', 'mail.deferred', null, 5 * minute);
  return new ChannelError('temporary', reasonOf(error));
}

/** Enhanced codes (RFC 3463) tell whose fault it is; servers without them say it in words. */
function refusalOf(reply: number, text: string): string {
  if (
    /\b5\.1\.[126]\b/.test(text) ||
    /(user|mailbox|recipient|address)\b.{0,20}\b(unknown|not found|no such)/i.test(text)
  ) {
    return 'mail.address-refused';
  }
  if (/no such (user|mailbox|recipient)|(user|recipient) unknown/i.test(text)) return 'mail.address-refused';
  if (/\b5\.2\.2\b/.test(text)) return 'mail.mailbox-full';
  if (reply === 552 || /\b5\.(2\.3|3\.4)\b/.test(text)) return 'mail.too-big';
  return /\b(spam|blocked|blacklist|5\.7\.1)\b/i.test(text) ? 'mail.blocked' : 'mail.refused';
}

/** The server's own word for a person to read: one line, without names that are logged in with. */
export function wordOf(error: unknown, names: readonly string[]): string | null {
  const hidden = names.reduce((text, name) => text.replaceAll(name, '…'), factsOf(error).text);
  const line = hidden
    .replace(/[^\s@<>]+@[^\s@<>]+/g, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line === '' || error instanceof ChannelError ? null : line.slice(0, 200);
}
