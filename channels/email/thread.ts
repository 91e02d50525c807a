import type { MailThread, Person } from '../channel.ts';
import { tailOf } from './address.ts';
import type { MailPerson, ParsedMail } from './mail.ts';

/** Most of other people that are handed on. */
const othersMost = 50;

/** A correspondent as the desk knows people. */
export function personOf({ address, name }: MailPerson): Person {
  return { identities: [{ kind: 'email', value: address.toLowerCase() }], name, address };
}

/**
 * By what a mail may belong to an earlier ticket; the desk decides. `own` is the mailbox's address: its plus addresses
 * among the recipients bring the tokens, whatever stands behind the plus.
 */
export function threadOf(own: string, mail: ParsedMail): MailThread {
  const addressed = [...mail.to, ...mail.cc];
  const reached = [...mail.deliveredTo, ...addressed.map(({ address }) => address)];
  const tails = reached.map((address) => tailOf(own, address)).filter((tail) => tail !== null && tail !== '');
  const upwards = [...mail.references].reverse();
  const references = [...(mail.inReplyTo === null ? [] : [mail.inReplyTo]), ...upwards];
  const sender = mail.from?.address.toLowerCase();
  const others = new Map(addressed.map((person) => [person.address.toLowerCase(), person]));
  for (const address of others.keys()) if (address === sender || tailOf(own, address) !== null) others.delete(address);
  return {
    tokens: [...new Set(tails)].filter((tail): tail is string => tail !== null),
    references: [...new Set(references)],
    protocol: /\[#(\d{4}-\d{6,9})\]/.exec(mail.subject)?.[1] ?? null,
    others: [...others.values()].slice(0, othersMost).map(personOf),
  };
}

/**
 * What one open ticket hangs on: the Message-ID of the mail that began the thread (RFC 5322 3.6.4), as far as this mail
 * tells it. Without any id the mail begins a thread of its own, named by its key.
 */
export function rootOf(mail: ParsedMail, key: string): string {
  return mail.references[0] ?? mail.inReplyTo ?? mail.messageId ?? `sha256:${key}`;
}

/**
 * Where an answer goes. Reply-To is followed only within the sender's own domain: a forged From must not send what was
 * meant for the customer to somebody else.
 */
export function answerAddress(mail: ParsedMail, from: MailPerson): string {
  const [wanted, second] = mail.replyTo;
  if (wanted === undefined || second !== undefined) return from.address;
  const domain = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return domain(wanted.address) === domain(from.address) ? wanted.address : from.address;
}
