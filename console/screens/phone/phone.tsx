import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type ChannelKind, channelKinds } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import { Button } from '../../parts/button.tsx';
import { Pill } from '../../parts/pill.tsx';
import { Refused, Unanswered } from '../../refused.ts';
import { catalog } from '../../state/catalog.ts';
import { open } from '../../state/ticket.ts';
import { language, t } from '../../text.ts';
import { Chat } from './chat.tsx';
import { CustomerChoice } from './customer-choice.tsx';
import { type Customer, customersOf, customersOfTicket, latest, meetCustomers } from './customers.ts';
import { recall } from './own-lines.ts';
import { keep, kept } from './session-memory.ts';
import './device.css';
import './phone.css';

type Choice = Pick<Customer, 'as' | 'from'>;

/** Whose phone it is; null until somebody was chosen here: till then it is the customer of the open conversation. */
const choice = signal<Choice | null>(kept<Choice | null>('choice', null, isChoice));

/** The simulator: a customer's phone beside the console. */
export default function Phone({ onClose }: { onClose: () => void }) {
  const customer = chosen();
  const { as, from, ticketId } = customer;

  useEffect(() => unattended(meetCustomers().catch(ignoreRefusal), 'simulated customers'), []);
  useEffect(() => unattended(recall(customer).catch(ignoreRefusal), 'simulated lines'), [as, from, ticketId]);

  return (
    <aside class="phone" aria-label={t.phone.title}>
      <header>
        <h2>{t.phone.title}</h2>
        <Pill tone="outline">{t.phone.mark}</Pill>
        <Button kind="quiet" icon="close" label={t.phone.close} onClick={onClose} />
      </header>
      <Networks as={as} />
      <CustomerChoice
        customer={customer}
        customers={customersOf(as, language.value)}
        onChoose={(one) => choose({ as: one.as, from: one.from })}
      />
      <Chat key={`${as} ${from}`} customer={customer} onWrite={() => choose({ as, from })} />
    </aside>
  );
}

function Networks({ as }: { as: ChannelKind }) {
  const on = catalog.value.channels.filter(({ simulated, active }) => simulated && active).map(({ kind }) => kind);
  const offered = channelKinds.filter((kind) => on.includes(kind) || kind === as);
  return (
    <fieldset class="networks">
      <legend class="words">{t.phone.network}</legend>
      {offered.map((kind) => (
        <button key={kind} type="button" aria-pressed={kind === as} onClick={() => choose(firstOf(kind))}>
          {t.phone.networks[kind]}
        </button>
      ))}
    </fieldset>
  );
}

function chosen(): Customer {
  const followed = choice.value === null ? (customerOfOpen() ?? latest()) : undefined;
  if (followed !== undefined) return followed;
  const { as, from } = choice.value ?? firstOf('whatsapp');
  const known = customersOf(as, language.value).find((one) => one.from === from);
  return known ?? { as, from, name: from, ticketId: null };
}

function customerOfOpen(): Customer | undefined {
  return open.value.phase === 'here' ? customersOfTicket(open.value.thread.ticket)[0] : undefined;
}

function firstOf(as: ChannelKind): Choice {
  return { as, from: customersOf(as, language.value)[0]?.from ?? '' };
}

function choose(next: Choice): void {
  choice.value = next;
  keep('choice', next);
}

/** What cannot be asked for now only leaves the phone without its past. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refused || error instanceof Unanswered)) throw error;
}

function isChoice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { as, from } = value as Record<string, unknown>;
  return typeof from === 'string' && channelKinds.some((kind) => kind === as);
}
