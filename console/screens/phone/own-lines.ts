import { signal } from '@preact/signals';
import type { Page, SimulatorTaken } from '#shared/api.ts';
import { newClientId } from '#shared/client-id.ts';
import type { Attachment, MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { get, post } from '../../http.ts';
import type { Customer } from './customers.ts';
import { keep, kept } from './session-memory.ts';

/** What was written as a customer in this session. `key` makes a second sending harmless. */
export interface OwnLine {
  key: string;
  at: string;
  text: string;
  attachments?: Attachment[];
  /** The received message that it answers to. */
  replyTo?: { id: string; preview: string };
  state: 'sending' | 'sent' | 'failed';
  /** Why it was not sent. */
  why: string | null;
}

type Lines = Record<string, OwnLine[]>;

/** Lines kept of each customer. */
const keptMost = 100;

const lines = signal<Lines>(kept<Lines>('lines', {}, (value) => typeof value === 'object' && value !== null));

const idOf = ({ as, from }: Customer): string => `${as} ${from}`;

/** What was written as this customer, oldest first. */
export function ownLines(customer: Customer): readonly OwnLine[] {
  return lines.value[idOf(customer)] ?? [];
}

/** Writes as the customer. What was written is kept before it is sent and stays when sending fails. */
export function write(customer: Customer, said: Pick<OwnLine, 'text' | 'attachments' | 'replyTo'>): void {
  const line: OwnLine = { key: newClientId(), at: new Date().toISOString(), ...said, state: 'sending', why: null };
  put(customer, [...ownLines(customer), line]);
  unattended(send(customer, line), 'simulated message');
}

/** Sends a failed line again, under its own key. */
export function writeAgain(customer: Customer, line: OwnLine): void {
  change(customer, line.key, { state: 'sending', why: null });
  unattended(send(customer, line), 'simulated message');
}

async function send(customer: Customer, { key, text, attachments = [], replyTo }: OwnLine): Promise<void> {
  const { as, from, name } = customer;
  try {
    await post<SimulatorTaken>('/simulator/messages', {
      ...{ as, from, name, text, key },
      ...(attachments.length === 0 ? {} : { attachmentIds: attachments.map(({ id }) => id) }),
      ...(replyTo === undefined ? {} : { replyTo: replyTo.id }),
    });
    change(customer, key, { state: 'sent' });
  } catch (error) {
    change(customer, key, { state: 'failed', why: explain(error) });
  }
}

/** For a customer who wrote before this session: takes over what stands in their open ticket. */
export async function recall(customer: Customer): Promise<void> {
  if (customer.ticketId === null || ownLines(customer).length > 0) return;
  const { items } = await get<Page<MessageView>>(`/tickets/${customer.ticketId}/messages`, { limit: keptMost });
  const before = items
    .filter(({ direction }) => direction === 'in')
    .toSorted((a, b) => a.seq - b.seq)
    .map(
      ({ id, at, text, attachments, replyTo }): OwnLine => ({
        ...{ key: id, at, text, attachments },
        ...(replyTo === null ? {} : { replyTo: { id: '', preview: replyTo.preview } }),
        ...{ state: 'sent', why: null },
      }),
    );
  put(customer, [...before, ...ownLines(customer)]);
}

function change(customer: Customer, key: string, fields: Partial<OwnLine>): void {
  put(
    customer,
    ownLines(customer).map((line) => (line.key === key ? { ...line, ...fields } : line)),
  );
}

function put(customer: Customer, list: readonly OwnLine[]): void {
  lines.value = { ...lines.value, [idOf(customer)]: list.slice(-keptMost) };
  keep('lines', lines.value);
}

// A page that went away while sending never learnt the outcome: sending again under the same key is harmless.
for (const [id, list] of Object.entries(lines.value)) {
  lines.value[id] = list.map((line) => (line.state === 'sending' ? { ...line, state: 'failed' } : line));
}
