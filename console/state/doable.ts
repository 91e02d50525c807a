import { type Ability, abilitiesOf } from '#shared/channel.ts';
import type { MessageView } from '#shared/message.ts';
import type { TicketView } from '#shared/ticket.ts';

/** What an agent may do to one message, beyond reading it. */
export interface Doable {
  quote: boolean;
  react: boolean;
  edit: boolean;
  remove: boolean;
}

const none: Doable = { quote: false, react: false, edit: false, remove: false };

type About = Pick<TicketView, 'channel' | 'agentId' | 'closedAt' | 'simulated'>;
type Target = Pick<MessageView, 'direction' | 'author' | 'text' | 'delivery' | 'removedAt'>;

/** Pure: what can be done to a message by an agent who may reply. Only what reached the network is reacted to or changed. */
export function doableOf(ticket: About, message: Target, agentId: string | null): Doable {
  const { channel, closedAt, simulated } = ticket;
  if (channel === null || closedAt !== null || message.removedAt !== null) return none;
  const can = (ability: Ability) => abilitiesOf[channel].includes(ability);
  const arrived = message.direction === 'in' || isSent(message);
  const own = message.direction === 'out' && isSent(message) && message.author.id === agentId;
  return {
    // Nobody has taken it: there is no reply yet into which it could be quoted.
    quote: ticket.agentId !== null && can('quote'),
    react: arrived && can('react') && !simulated,
    edit: own && can('edit') && message.text !== '',
    remove: own && can('delete'),
  };
}

const isSent = ({ delivery }: Pick<MessageView, 'delivery'>): boolean =>
  delivery !== null && ['sent', 'delivered', 'read'].includes(delivery.state);
