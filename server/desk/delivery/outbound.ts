import type { MailOut, OutboundMessage } from '#channels/channel.ts';
import type { MailContent } from '#shared/message.ts';
import type { Ticket } from '#shared/ticket.ts';
import type { Desk, KeptMessage } from '../desk.ts';
import { mailIdOf, tokenOf } from '../tickets/mail-threads.ts';

/** A message of ours as its channel sends it; `claim` marks it as being sent. */
export async function outboundOf(
  desk: Desk,
  message: KeptMessage,
  claim: OutboundMessage['claim'],
): Promise<OutboundMessage> {
  const { id, at, author, content } = message;
  const replyTo = await answered(desk, message);
  const mail = await mailOf(desk, message);
  return {
    id,
    at,
    content,
    claim,
    authorName: author.name,
    auto: author.kind === 'system',
    ...(replyTo === null ? {} : { replyTo }),
    ...(mail === null ? {} : { mail }),
  };
}

/** What it answers to, as its network knows that. */
async function answered(
  { store }: Desk,
  { replyTo }: KeptMessage,
): Promise<NonNullable<OutboundMessage['replyTo']> | null> {
  const quoted = replyTo?.messageId == null ? null : await store.messages.byId(replyTo.messageId);
  if (quoted === null || quoted.externalId === null) return null;
  const { externalId, direction, address, content } = quoted;
  return { externalId, mine: direction !== 'in', author: address ?? '', text: content.text };
}

const referencesMost = 40;
const copiesMost = 20;

/** The head of a mail: the customer's own subject with our protocol, and the thread that it continues. */
async function mailOf(desk: Desk, message: KeptMessage): Promise<MailOut | null> {
  const ticket = await desk.store.tickets.byId(message.ticketId);
  if (ticket?.channel !== 'email' || ticket.simulated) return null;
  const said = (await desk.store.messages.ofTicket(ticket.id, null, referencesMost)).reverse();
  const before = said.filter(({ seq }) => seq < message.seq);
  const last = before.filter(({ direction }) => direction === 'in').at(-1);
  const channel = ticket.channelId === null ? null : await desk.store.channels.byId(ticket.channelId);
  const own = String(channel?.settings.address ?? '');
  return {
    subject: subjectOf(ticket, last?.content.mail?.subject ?? ''),
    messageId: mailIdOf(desk, ticket.id, message.id, own.split('@')[1] ?? 'balcao.invalid'),
    inReplyTo: last?.externalId ?? null,
    references: before.flatMap(({ externalId }) => (externalId === null ? [] : [externalId])),
    replyToken: tokenOf(desk, ticket.id),
    cc: copiesOf(ticket.address ?? '', own, last?.content.mail ?? null),
  };
}

/** Everybody whom the customer's last mail also went to reads the answer too; ours and the customer's own address are left out. */
function copiesOf(customer: string, own: string, mail: MailContent | null): string[] {
  const all = [...(mail?.to ?? []), ...(mail?.cc ?? [])].map((address) => address.toLowerCase());
  const [user = '', domain = ''] = own.toLowerCase().split('@');
  const isOurs = (address: string): boolean =>
    address === own.toLowerCase() || (address.startsWith(`${user}+`) && address.endsWith(`@${domain}`));
  const others = all.filter((address) => address !== customer.toLowerCase() && !isOurs(address));
  return [...new Set(others)].slice(0, copiesMost);
}

function subjectOf({ protocol }: Ticket, subject: string): string {
  const mark = `[#${protocol}]`;
  const bare = subject
    .replace(/^((re|fwd?|enc|res)\s*:\s*)+/i, '')
    .replaceAll(mark, '')
    .trim();
  return `${bare === '' ? '' : `Re: ${bare} `}${mark}`;
}
