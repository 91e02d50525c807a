import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChannelKind } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { t } from '../../text.ts';
import { addCustomer, type Customer } from './customers.ts';

interface ChoiceProps {
  customer: Customer;
  customers: readonly Customer[];
  onChoose: (customer: Customer) => void;
}

/** The value of the entry that makes a new customer; no address begins like this. */
const another = ' new';

/** Who writes: one of the known customers, or a new one. */
export function CustomerChoice({ customer, customers, onChoose }: ChoiceProps) {
  const [adding, setAdding] = useState(false);
  if (adding) {
    const add = (fresh: Customer) => {
      addCustomer(fresh);
      setAdding(false);
      onChoose(fresh);
    };
    return <NewCustomer key={customer.as} as={customer.as} onAdd={add} onCancel={() => setAdding(false)} />;
  }
  const all = customers.some(({ from }) => from === customer.from) ? customers : [customer, ...customers];
  return (
    <label class="who">
      <span>{t.phone.customer}</span>
      <select
        class="input"
        value={customer.from}
        onChange={(event) => {
          const next = all.find(({ from }) => from === event.currentTarget.value);
          if (next) onChoose(next);
          else setAdding(true);
        }}
      >
        {all.map(({ from, name }) => (
          <option key={from} value={from}>
            {name} ({from})
          </option>
        ))}
        <option value={another}>{t.phone.newCustomer}</option>
      </select>
    </label>
  );
}

interface NewProps {
  as: ChannelKind;
  onAdd: (customer: Customer) => void;
  onCancel: () => void;
}

/** How the address of each network is typed. */
const addressField = {
  whatsapp: { type: 'tel', pattern: '\\+?[0-9 \\(\\)\\-]{8,24}' },
  telegram: { type: 'text' },
  email: { type: 'email' },
  webchat: { type: 'text' },
} as const;

function NewCustomer({ as, onAdd, onCancel }: NewProps) {
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <form
      class="form newcomer"
      aria-label={t.phone.newCustomerTitle}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ as, from: addressOf(as, address), name: name.trim(), ticketId: null });
      }}
    >
      <TextField
        label={t.phone.name}
        value={name}
        required
        pattern=".*\S.*"
        maxlength={limits.nameCharacters}
        autocomplete="off"
        ref={first}
        onText={setName}
      />
      <TextField
        label={t.phone.address[as]}
        {...addressField[as]}
        placeholder={t.phone.example[as]}
        value={address}
        required
        maxlength={limits.nameCharacters}
        autocomplete="off"
        spellcheck={false}
        onText={setAddress}
      />
      <div class="acts">
        <Button onClick={onCancel}>{t.phone.cancel}</Button>
        <Button type="submit" kind="primary">
          {t.phone.add}
        </Button>
      </div>
    </form>
  );
}

/** A number without its decoration; anything else as it was typed. */
function addressOf(as: ChannelKind, typed: string): string {
  return as === 'whatsapp' ? `+${typed.replace(/\D/g, '')}` : typed.trim();
}
