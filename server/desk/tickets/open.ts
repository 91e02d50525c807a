import * as z from 'zod/mini';
import { limits } from '#shared/limits.ts';
import { type Ticket, ticketView } from '#shared/ticket.ts';
import { DeskError } from '../../errors.ts';
import { can } from '../access.ts';
import * as input from '../input.ts';
import { act } from '../verb.ts';
import * as views from '../views.ts';
import { nextProtocols } from './protocol.ts';
import { targetAgent, targetDepartment } from './target.ts';

/**
 * Opens a ticket by hand (telephone, counter): it has no channel, and waits unless an agent is named. F2, R22.
 * Refuses: department.not-found, .inactive, .does-not-attend, agent.not-found, .inactive, .not-in-department, forbidden.
 */
export const open = act({
  name: 'ticket.open',
  action: 'ticket.open',
  input: z.strictObject({
    contactName: input.name,
    description: input.text(limits.descriptionCharacters),
    departmentId: input.id,
    agentId: z.exactOptional(input.id),
  }),
  output: views.ticket,
  async run({ desk, records, at, record }, by, { contactName, description, departmentId, agentId }) {
    const department = await targetDepartment(records, departmentId);
    if (!can(by, 'ticket.open', { departmentId, agentId: null, forwardedTo: [] })) throw new DeskError('forbidden');
    if (agentId !== undefined) await targetAgent(records, agentId, departmentId);
    const contact = { id: desk.newId(), name: contactName };
    await records.contacts.add([{ contact, proofs: [] }]);
    const [protocol = ''] = await nextProtocols(desk, 1);
    const ticket: Ticket = {
      ...freshTicket(desk.newId(), protocol, at),
      contact,
      description,
      departmentId: department.id,
      agentId: agentId ?? null,
      status: agentId === undefined ? 'waiting' : 'in-progress',
      origin: 'customer',
      openedBy: by.actor,
    };
    return ticketView(await record(null, ticket, { act: 'ticket.opened' }));
  },
});

type Fresh = Omit<Ticket, 'contact' | 'departmentId' | 'openedBy'>;

/** What every new ticket begins with. */
export function freshTicket(id: string, protocol: string, at: string): Fresh {
  return {
    id,
    protocol,
    seq: 0,
    status: 'waiting',
    channelId: null,
    channel: null,
    conversationKey: null,
    address: null,
    reach: null,
    description: '',
    agentId: null,
    unread: 0,
    openForwardings: 0,
    forwardedTo: [],
    simulated: false,
    origin: 'customer',
    openedAt: at,
    closedAt: null,
    closedBy: null,
    closingNote: null,
    previousId: null,
    waitingSince: at,
    lastAt: at,
    lastMessage: null,
  };
}
