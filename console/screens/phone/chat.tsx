import { Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SimulatorReceived } from '#shared/api.ts';
import { clock, dayKey } from '../../format.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Icon } from '../../parts/icon.tsx';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import type { Customer } from './customers.ts';
import { type OwnLine, ownLines, write, writeAgain } from './own-lines.ts';
import { useReceived } from './received.ts';

/** Characters of one message, as the simulator takes it. */
const mostCharacters = 4_000;

type Line = ({ by: 'customer' } & OwnLine) | ({ by: 'desk' } & SimulatorReceived);

/** The screen of the customer's phone: what they wrote and what the desk answered. `onWrite` is called while writing. */
export function Chat({ customer, onWrite }: { customer: Customer; onWrite: () => void }) {
  const { items, failed } = useReceived(customer);
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
      <Screen customer={customer} lines={lines} desk={desk} />
      <p class="outage" role="status">
        {failed ? t.phone.outboxFailed : ''}
      </p>
      <Writing customer={customer} onWrite={onWrite} />
    </div>
  );
}

function Screen({ customer, lines, desk }: { customer: Customer; lines: Line[]; desk: string }) {
  const log = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines.length]);
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
          <Fragment key={line.by === 'desk' ? line.id : line.key}>
            {newDay && <hr />}
            <Bubble line={line} customer={customer} desk={desk} />
          </Fragment>
        );
      })}
    </div>
  );
}

function Bubble({ line, customer, desk }: { line: Line; customer: Customer; desk: string }) {
  const own = line.by === 'customer';
  const author = own ? say(t.phone.you, { name: customer.name }) : desk;
  const failed = own && line.state === 'failed';
  return (
    <div class={`saying ${own ? 'own' : 'theirs'}${failed ? ' failed' : ''}`}>
      <p class="author">{author}</p>
      <p class="text" dir="auto">
        {line.text}
        <span class="meta">
          {clock(line.at)}
          {own && line.state === 'sent' && <Icon name="check" size={12} />}
          {own && <span class="words">{t.phone[line.state === 'failed' ? 'notSent' : line.state]}</span>}
        </span>
      </p>
      {failed && (
        <p class="fault" role="alert">
          {line.why ?? t.phone.failed}{' '}
          <button type="button" onClick={() => writeAgain(customer, line)}>
            {t.parts.tryAgain}
          </button>
        </p>
      )}
    </div>
  );
}

function Writing({ customer, onWrite }: { customer: Customer; onWrite: () => void }) {
  const [text, setText] = useState('');
  const send = () => {
    if (text.trim() === '') return;
    write(customer, text.trim());
    setText('');
  };
  const placeholder = say(t.phone.placeholder, { name: customer.name });
  return (
    <form
      class="writing"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        class="input"
        rows={customer.as === 'email' ? 3 : 1}
        value={text}
        maxLength={mostCharacters}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={(event) => {
          onWrite();
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          // While a word is being composed, Enter belongs to the input method.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" aria-label={t.phone.send} disabled={text.trim() === ''}>
        <svg aria-hidden="true" viewBox="0 0 24 24">
          <path d="M4 12l16-8-6 16-3-6-7-2Z" />
        </svg>
      </button>
    </form>
  );
}
