import { useRef, useState } from 'preact/hooks';
import { explain, faultIn } from '../../../explain.ts';
import { post } from '../../../http.ts';
import { Button } from '../../../parts/button.tsx';
import { TextField } from '../../../parts/field.tsx';
import { Refused } from '../../../refused.ts';
import { me } from '../../../state/me.ts';
import { say, t } from '../../../text.ts';
import { type Draft, useDraft } from '../draft.ts';
import { useFaultFocus } from '../fault-focus.ts';
import { type Check, Checks, mailSteps, type Probed } from './checks.tsx';
import { Done } from './done.tsx';
import { Frame } from './frame.tsx';
import { type Guess, type MailValues, mailConfig, valuesOfMail, withGuess } from './mail-form.ts';
import { useProbedWizard, type WizardProps } from './probed-wizard.ts';
import { Rules } from './rules.tsx';
import { Servers } from './servers.tsx';
import { tryOut } from './try-out.ts';

/** A mailbox: address and password, its servers, four live checks, rules. */
export function EmailWizard({ onClose, onDirty, onSaved }: WizardProps) {
  const { step, go, probed, onProbed, made, create } = useProbedWizard('email', onDirty);
  return (
    <Frame title={t.settings.channels.kinds.email} step={step} onClose={onClose}>
      {step === 'connect' && <Connect onDirty={onDirty} onProbed={onProbed} />}
      {step === 'test' && probed !== null && (
        <div class="form">
          <Checks checks={probed.checks} />
          <div class="acts">
            <Button kind="primary" onClick={() => go('rules')}>
              {t.channels.next}
            </Button>
          </div>
        </div>
      )}
      {step === 'rules' && <Rules name={probed?.as ?? ''} onDone={create} />}
      {step === 'done' && made !== null && <Done made={made} onOpen={onSaved} />}
    </Frame>
  );
}

interface ConnectProps {
  onDirty: (dirty: boolean) => void;
  onProbed: (probed: Probed, config: Record<string, unknown>) => void;
}

function Connect({ onDirty, onProbed }: ConnectProps) {
  const words = t.channels.email;
  const draft = useDraft<MailValues>({ ...valuesOfMail(null), sender: me.value?.company.name ?? '' });
  const [guess, setGuess] = useState<Guess | null>(null);
  const [checks, setChecks] = useState<readonly Check[] | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, draft);
  async function find(): Promise<void> {
    const found = await post<Guess>('/channels/guess', { address: draft.values.address.trim() });
    setGuess(found);
    draft.set(withGuess(found));
  }
  async function probe(): Promise<void> {
    const config = mailConfig(draft.values);
    onProbed(await tryOut({ kind: 'email', config }, setChecks), config);
  }
  const waiting = draft.busy && guess !== null;
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        draft.run(guess === null ? find : probe, 'keep');
      }}
    >
      <Account draft={draft} onDirty={onDirty} />
      {guess !== null && <Advice guess={guess} />}
      {guess !== null && <Servers draft={draft} />}
      {checks !== null && <Checks checks={checks} awaited={waiting ? mailSteps : []} />}
      {draft.fault !== null && !placed(draft.fault) && (
        <p class="refusal" role="alert">
          {explain(draft.fault)}
        </p>
      )}
      <div class="acts">
        <Button type="submit" kind="primary" busy={draft.busy}>
          {waiting ? words.testing : guess === null ? words.guess : words.test}
        </Button>
      </div>
    </form>
  );
}

/** Address, password and name; a refused password is told at its field. */
function Account({ draft, onDirty }: { draft: Draft<MailValues>; onDirty: (dirty: boolean) => void }) {
  const words = t.channels.email;
  const { values, fault } = draft;
  const set = (more: Partial<MailValues>) => {
    draft.set(more);
    onDirty(true);
  };
  return (
    <>
      <TextField
        label={words.address}
        type="email"
        required
        autocomplete="off"
        value={values.address}
        fault={faultIn(fault, 'address') ?? faultIn(fault, 'config.address')}
        onText={(address) => set({ address })}
      />
      <TextField
        label={words.password}
        hint={words.passwordHint}
        type="password"
        required
        autocomplete="new-password"
        value={values.password}
        fault={faultIn(fault, 'config.imap.password')}
        onText={(password) => set({ password })}
      />
      <TextField label={words.sender} value={values.sender} optional onText={(sender) => set({ sender })} />
    </>
  );
}

function Advice({ guess: { provider, needs } }: { guess: Guess }) {
  const words = t.channels.email;
  const found = provider === null ? words.found.other : say(words.found.provider, { provider });
  return (
    <p class="lead" role="status">
      {found} {needs === 'app-password' && say(words.appPassword, { provider: provider ?? '' })}
      {needs === 'oauth' && say(words.oauth, { provider: provider ?? '' })}
    </p>
  );
}

function placed(fault: unknown): boolean {
  return (
    fault instanceof Refused &&
    Object.keys(fault.fields).some((field) => /address|host|port|secure|user|password/.test(field))
  );
}
