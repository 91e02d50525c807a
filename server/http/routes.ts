import { listConclusions } from '../desk/catalog/conclusions.ts';
import { addDepartment, editDepartment, listDepartments } from '../desk/catalog/departments.ts';
import { addChannel } from '../desk/connections/add.ts';
import { discardDeadLetter, listDeadLetters, reprocessDeadLetter } from '../desk/connections/dead-letters.ts';
import { editChannel } from '../desk/connections/edit.ts';
import { listChannels } from '../desk/connections/list.ts';
import {
  guessMailServers,
  pairChannel,
  probeChannel,
  reconnectChannel,
  testChannel,
} from '../desk/connections/orders.ts';
import { readChannel } from '../desk/connections/read.ts';
import { removeChannel } from '../desk/connections/remove.ts';
import { separateContact } from '../desk/contacts/separate.ts';
import { confirm } from '../desk/delivery/confirm.ts';
import { discard } from '../desk/delivery/discard.ts';
import { resend } from '../desk/delivery/resend.ts';
import { answer } from '../desk/forwardings/answer.ts';
import { forward } from '../desk/forwardings/forward.ts';
import { listForwardings } from '../desk/forwardings/list.ts';
import { editMessage } from '../desk/messages/edit.ts';
import { fetchAgain } from '../desk/messages/fetch-again.ts';
import { react } from '../desk/messages/react.ts';
import { removeMessage } from '../desk/messages/remove.ts';
import { addNote } from '../desk/notes/add.ts';
import { addAgent, editAgent, inviteAgain, listAgents } from '../desk/people/agents.ts';
import { close } from '../desk/tickets/close.ts';
import { count } from '../desk/tickets/count.ts';
import { events } from '../desk/tickets/events.ts';
import { list } from '../desk/tickets/list.ts';
import { markRead } from '../desk/tickets/mark-read.ts';
import { messages } from '../desk/tickets/messages.ts';
import { open } from '../desk/tickets/open.ts';
import { read } from '../desk/tickets/read.ts';
import { reassign } from '../desk/tickets/reassign.ts';
import { reply } from '../desk/tickets/reply.ts';
import { take } from '../desk/tickets/take.ts';
import type { Verb } from '../desk/verb.ts';

/** A verb whatever its input and value; the runner checks the input by the verb's own schema. */
export type AnyVerb = Verb<never, unknown> | Verb<unknown, unknown>;

/** One REST route under `/api/v1`: the verb brings its permission and its shapes. `:names` of the path are input. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  verb: AnyVerb;
  /** The answer of the first time: 201 where something new came to be, 200 where something changed. Repeated: 200. */
  first: 200 | 201;
}

const get = (path: string, verb: AnyVerb): Route => ({ method: 'GET', path, verb, first: 200 });
const add = (path: string, verb: AnyVerb): Route => ({ method: 'POST', path, verb, first: 201 });
const change = (path: string, verb: AnyVerb): Route => ({ method: 'POST', path, verb, first: 200 });
const edit = (path: string, verb: AnyVerb): Route => ({ method: 'PATCH', path, verb, first: 200 });

/** Every route that a signed-in agent has. */
export const routes: readonly Route[] = [
  get('/departments', listDepartments),
  add('/departments', addDepartment),
  edit('/departments/:departmentId', editDepartment),
  get('/agents', listAgents),
  add('/agents', addAgent),
  edit('/agents/:agentId', editAgent),
  add('/agents/:agentId/invite', inviteAgain),
  get('/channels', listChannels),
  add('/channels', addChannel),
  get('/channels/:channelId', readChannel),
  edit('/channels/:channelId', editChannel),
  change('/channels/probe', probeChannel),
  change('/channels/guess', guessMailServers),
  change('/channels/:channelId/pair', pairChannel),
  change('/channels/:channelId/test', testChannel),
  change('/channels/:channelId/reconnect', reconnectChannel),
  change('/channels/:channelId/remove', removeChannel),
  get('/channels/:channelId/dead-letters', listDeadLetters),
  change('/channels/:channelId/dead-letters/:letterId/reprocess', reprocessDeadLetter),
  change('/channels/:channelId/dead-letters/:letterId/discard', discardDeadLetter),
  get('/conclusions', listConclusions),
  change('/contacts/:contactId/separate', separateContact),
  get('/tickets', list),
  add('/tickets', open),
  get('/tickets/counts', count),
  get('/tickets/:ticketId', read),
  get('/tickets/:ticketId/messages', messages),
  add('/tickets/:ticketId/messages', reply),
  change('/tickets/:ticketId/messages/:messageId/resend', resend),
  change('/tickets/:ticketId/messages/:messageId/confirm', confirm),
  change('/tickets/:ticketId/messages/:messageId/discard', discard),
  change('/tickets/:ticketId/messages/:messageId/react', react),
  change('/tickets/:ticketId/messages/:messageId/fetch', fetchAgain),
  change('/tickets/:ticketId/messages/:messageId/edit', editMessage),
  change('/tickets/:ticketId/messages/:messageId/remove', removeMessage),
  get('/tickets/:ticketId/events', events),
  add('/tickets/:ticketId/notes', addNote),
  change('/tickets/:ticketId/take', take),
  change('/tickets/:ticketId/read', markRead),
  change('/tickets/:ticketId/transfer', reassign),
  change('/tickets/:ticketId/close', close),
  add('/tickets/:ticketId/forwardings', forward),
  change('/tickets/:ticketId/forwardings/:forwardingId/answer', answer),
  get('/forwardings', listForwardings),
];
