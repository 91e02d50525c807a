import { useRef } from 'preact/hooks';
import { explain, faultIn } from '../../../explain.ts';
import { failureText } from '../../../failures.ts';
import { Button } from '../../../parts/button.tsx';
import { TextField } from '../../../parts/field.tsx';
import { t } from '../../../text.ts';
import { useDraft } from '../draft.ts';
import { useFaultFocus } from '../fault-focus.ts';
import { Checks, type Probed } from './checks.tsx';
import { Done } from './done.tsx';
import { Frame } from './frame.tsx';
import { useProbedWizard, type WizardProps } from './probed-wizard.ts';
import { Rules } from './rules.tsx';
import { tryOut } from './try-out.ts';

/** A bot of BotFather: token, who it is, rules, a first message. */
export function TelegramWizard({ onClose, onDirty, onSaved }: WizardProps) {
  const { step, go, probed, onProbed, made, create } = useProbedWizard('telegram', onDirty);
  const link = probed?.settings.link;
  return (
    <Frame title="Telegram" step={step} onClose={onClose}>
      {step === 'connect' && <Connect onDirty={onDirty} onProbed={onProbed} />}
      {step === 'test' && probed !== null && <Found probed={probed} onNext={() => go('rules')} />}
      {step === 'rules' && <Rules name={probed?.name?.replace(/ @\w+$/, '') ?? 'Telegram'} onDone={create} />}
      {step === 'done' && made !== null && (
        <Done made={made} {...(typeof link === 'string' ? { link } : {})} onOpen={onSaved} />
      )}
    </Frame>
  );
}

interface ConnectProps {
  onDirty: (dirty: boolean) => void;
  onProbed: (probed: Probed, config: Record<string, unknown>) => void;
}

function Connect({ onDirty, onProbed }: ConnectProps) {
  const words = t.channels.telegram;
  const draft = useDraft({ token: '' });
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, draft);
  async function probe(): Promise<void> {
    const config = { token: draft.values.token.trim() };
    onProbed(await tryOut({ kind: 'telegram', config }, () => undefined), config);
  }
  const field = faultIn(draft.fault, 'config.token') === null ? null : failureText('telegram.token');
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        draft.run(probe, 'keep');
      }}
    >
      <ol class="how">
        <li>{words.step1}</li>
        <li>{words.step2}</li>
        <li>{words.step3}</li>
      </ol>
      <TextField
        label={words.token}
        hint={words.tokenHint}
        value={draft.values.token}
        required
        autocomplete="off"
        spellcheck={false}
        fault={field}
        onText={(token) => {
          draft.set({ token });
          onDirty(token !== '');
        }}
      />
      {draft.fault !== null && field === null && (
        <p class="refusal" role="alert">
          {explain(draft.fault)}
        </p>
      )}
      <div class="acts">
        <Button type="submit" kind="primary" busy={draft.busy}>
          {draft.busy ? t.channels.working : t.channels.next}
        </Button>
      </div>
    </form>
  );
}

function Found({ probed, onNext }: { probed: Probed; onNext: () => void }) {
  return (
    <div class="form">
      <div class="found">
        {probed.photo !== null && <img src={probed.photo} alt="" width="48" height="48" />}
        <strong>{probed.name ?? probed.as}</strong>
      </div>
      <Checks checks={probed.checks} />
      <div class="acts">
        <Button kind="primary" onClick={onNext}>
          {t.channels.next}
        </Button>
      </div>
    </div>
  );
}
