import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SetupBody } from '#shared/api.ts';
import { type Language, languages } from '#shared/company.ts';
import { limits } from '#shared/limits.ts';
import { unattended } from '#shared/unattended.ts';
import { explain, faultIn } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Refused } from '../../refused.ts';
import { language, say, setLanguage, t } from '../../text.ts';
import { Door } from '../sign-in/door.tsx';
import { timezones } from './timezones.ts';

/** What the first step asks. The password stays in memory only. */
export type Account = Pick<SetupBody, 'code' | 'company' | 'timezone' | 'name' | 'email' | 'password'>;

interface AccountStepProps {
  account: Account;
  fault: unknown;
  onNext: (account: Account) => void;
}

/** Names of the languages in themselves: whoever reads only one of them finds it. */
const languageNames: Record<Language, string> = { 'pt-BR': 'Português (Brasil)', en: 'English' };

/** The company and its first administrator. */
export function AccountStep({ account, fault, onNext }: AccountStepProps) {
  const [draft, setDraft] = useState(account);
  const form = useRef<HTMLFormElement>(null);
  // The code where it is asked for, else the first field that the browser does not fill in by itself.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('[name=code], [name=company]')?.focus(), []);
  const wrongCode = fault instanceof Refused && fault.code === 'setup.code-wrong';
  const askCode = account.code === '' || wrongCode;
  const set = (field: keyof Account) => (value: string) => setDraft((now) => ({ ...now, [field]: value }));
  const bind = (field: keyof Account) => ({
    name: field,
    value: draft[field],
    onText: set(field),
    fault: faultIn(fault, field),
    required: true,
  });
  const general =
    fault !== null && !wrongCode && (!(fault instanceof Refused) || Object.keys(fault.fields).length === 0);
  return (
    <Door wide above={say(t.setup.step, { n: 1 })} title={t.setup.accountTitle} lead={t.setup.accountLead}>
      <form
        ref={form}
        class="form setup"
        onSubmit={(event) => {
          event.preventDefault();
          onNext({ ...draft, company: draft.company.trim(), name: draft.name.trim(), code: draft.code.trim() });
        }}
      >
        {askCode && (
          <TextField
            {...bind('code')}
            label={t.setup.code}
            hint={t.setup.codeHint}
            fault={wrongCode ? explain(fault) : null}
            autocomplete="off"
            spellcheck={false}
          />
        )}
        <Place bind={bind} timezone={draft.timezone} />
        <TextField
          {...bind('company')}
          label={t.setup.company}
          autocomplete="organization"
          maxlength={limits.nameCharacters}
        />
        <Person bind={bind} />
        {general && (
          <p class="refusal" role="alert">
            {explain(fault)}
          </p>
        )}
        <div class="acts">
          <Button type="submit" kind="primary">
            {t.setup.next}
          </Button>
        </div>
      </form>
    </Door>
  );
}

type Bind = (field: keyof Account) => {
  name: string;
  value: string;
  onText: (text: string) => void;
  required: boolean;
};

function Place({ bind, timezone }: { bind: Bind; timezone: string }) {
  return (
    <>
      <SelectField
        label={t.setup.language}
        value={language.value}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        onText={(value) => unattended(setLanguage(value as Language), 'language')}
      />
      <SelectField
        {...bind('timezone')}
        label={t.setup.timezone}
        hint={t.setup.timezoneHint}
        options={timezones(timezone)}
      />
    </>
  );
}

function Person({ bind }: { bind: Bind }) {
  return (
    <>
      <TextField {...bind('name')} label={t.setup.name} autocomplete="name" maxlength={limits.nameCharacters} />
      <TextField
        {...bind('email')}
        label={t.setup.email}
        type="email"
        autocomplete="username"
        maxlength={limits.emailCharacters}
      />
      <TextField
        {...bind('password')}
        label={t.setup.password}
        type="password"
        autocomplete="new-password"
        minlength={limits.passwordLeast}
        maxlength={limits.passwordMost}
        hint={say(t.setup.passwordHint, { n: limits.passwordLeast })}
      />
    </>
  );
}
