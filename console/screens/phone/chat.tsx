import { Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { abilitiesOf } from '#shared/channel.ts';
import { dayKey } from '../../format.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import type { Customer } from './customers.ts';
import { type OwnLine, ownLines } from './own-lines.ts';
import { useReceived } from './received.ts';
import { type Line, previewOf, Saying } from './saying.tsx';
import { Writing } from './writing.tsx';

/** The screen of the customer's phone: what they wrote and what the desk answered. `onWrite` is called while writing. */
export function Chat({ customer, onWrite }: { customer: Customer; onWrite: () => void }) {
  const { items, failed } = useReceived(customer);
  const [quoting, setQuoting] = useState<OwnLine['replyTo'] | null>(null);
  const lines: Line[] = [
    ...ownLines(customer).map((line) => ({ by: 'customer' as const, ...line })),
    ...items.map((line) => ({ by: 'desk' as const, ...line })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const desk = me.value?.company.name ?? t.phone.desk;
  return (
    <div class="device" data-network={customer.as}>
      <header>
        <Avatar name={desk} small />
        <span class="texts">
          <strong class="cut">{desk}</strong>
          <span class="cut">{t.phone.networks[customer.as]}</span>
        </span>
      </header>
      <Screen customer={customer} lines={lines} desk={desk} onQuote={setQuoting} />
      <p class="outage" role="status">
        {failed ? t.phone.outboxFailed : ''}
      </p>
      <Writing customer={customer} quoting={quoting} onUnquote={() => setQuoting(null)} onWrite={onWrite} />
    </div>
  );
}

interface ScreenProps {
  customer: Customer;
  lines: Line[];
  desk: string;
  onQuote: (quoting: OwnLine['replyTo']) => void;
}

const idOf = (line: Line): string => (line.by === 'desk' ? line.id : line.key);

/** What a line answers to: a customer's own line keeps its quote, the desk's names the line by its key. */
function quotedBy(line: Line, lines: readonly Line[]): string | null {
  if (line.by === 'customer') return line.replyTo?.preview ?? null;
  const target = line.replyTo === null ? undefined : lines.find((one) => idOf(one) === line.replyTo);
  return target === undefined ? null : previewOf(target);
}

function Screen({ customer, lines, desk, onQuote }: ScreenProps) {
  const log = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines.length]);
  const quotes = abilitiesOf[customer.as].includes('quote');
  const label = say(t.phone.log, { name: customer.name });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="screen" role="log" aria-label={label} tabIndex={0} ref={log}>
      {lines.length === 0 && (
        <p class="nothing">
          <strong>{t.phone.empty}</strong>
          {t.phone.lead}
        </p>
      )}
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const newDay = before !== undefined && dayKey(before.at) !== dayKey(line.at);
        return (
          <Fragment key={idOf(line)}>
            {newDay && <hr />}
            <Saying
              line={line}
              customer={customer}
              desk={desk}
              quoted={quotedBy(line, lines)}
              onQuote={quotes && line.by === 'desk' ? () => onQuote({ id: line.id, preview: previewOf(line) }) : null}
            />
          </Fragment>
        );
      })}
    </div>
  );
}
