import { createHash } from 'node:crypto';

/**
 * Whether it is one plain address: no display name, comment, quoting or second address. Stricter than RFC 5321, so that
 * nothing in it can change the meaning of a header or an SMTP command.
 */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\],;:"\\\p{Cc}]{1,64}@[^\s@<>()[\],;:"\\\p{Cc}]{1,190}$/u.test(text);
}

/** Domain in lower case, as names of the DNS are compared; the local part stays as it is. */
export function tidyAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** `user+tail@domain`. */
export function plusAddress(address: string, tail: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${tail}${address.slice(at)}`;
}

/** Tail of a plus address of `own`; '' for `own` itself, null for somebody else's. */
export function tailOf(own: string, address: string): string | null {
  if (domainOf(own) !== domainOf(address)) return null;
  const user = own.slice(0, own.lastIndexOf('@')).toLowerCase();
  const local = address.slice(0, address.lastIndexOf('@'));
  if (local.toLowerCase() === user) return '';
  return local.toLowerCase().startsWith(`${user}+`) ? local.slice(user.length + 1) : null;
}

/** By what a mail of this mailbox is known when it comes back: not the address itself, it travels to strangers. */
export function loopMark(address: string): string {
  return createHash('sha256').update(`loop ${address.toLowerCase()}`).digest('hex').slice(0, 32);
}
