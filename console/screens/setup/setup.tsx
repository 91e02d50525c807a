import { useEffect, useState } from 'preact/hooks';
import type { Me, SetupBody, SetupState } from '#shared/api.ts';
import { unattended } from '#shared/unattended.ts';
import { get, post } from '../../http.ts';
import { Refused, Unanswered } from '../../refused.ts';
import { enter } from '../../session.ts';
import { language, t } from '../../text.ts';
import { Door } from '../sign-in/door.tsx';
import { type Account, AccountStep } from './account-step.tsx';
import { TemplateStep } from './template-step.tsx';
import './setup.css';

/** Fields of the first step: a refusal that names one leads back to it. */
const accountFields = ['code', 'company', 'timezone', 'name', 'email', 'password', 'language'];

/** `/instalar#CODE`: two steps to a working desk. The code stands in the fragment, so it is in no log. */
export default function Setup() {
  const [step, setStep] = useState<1 | 2>(1);
  const [done, setDone] = useState(false);
  const [account, setAccount] = useState<Account>(empty);
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    document.title = t.setup.title;
  }, [t.setup.title]);

  useEffect(() => {
    const look = async () => {
      const { open } = await get<SetupState>('/setup');
      if (!open) setDone(true);
    };
    // Without an answer the form is shown all the same; sending it will tell.
    unattended(look().catch(ignoreUnanswered), 'look for setup');
  }, []);

  async function finish(choice: Pick<SetupBody, 'template' | 'sampleData'>): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await enter(await post<Me>('/setup', { ...account, ...choice, language: language.value } satisfies SetupBody));
    } catch (error) {
      setBusy(false);
      setFault(error);
      if (!(error instanceof Refused)) return;
      if (error.code === 'setup.done') setDone(true);
      if (error.code === 'setup.code-wrong' || accountFields.some((field) => field in error.fields)) setStep(1);
    }
  }

  if (done) return <Done />;
  if (step === 2) {
    const choose = (choice: Pick<SetupBody, 'template' | 'sampleData'>) => unattended(finish(choice), 'setup');
    return <TemplateStep busy={busy} fault={fault} onBack={() => setStep(1)} onChoose={choose} />;
  }
  const next = (given: Account) => {
    setAccount(given);
    setFault(null);
    setStep(2);
  };
  return <AccountStep account={account} fault={fault} onNext={next} />;
}

function empty(): Account {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { code: decodeURIComponent(location.hash.slice(1)), company: '', timezone, name: '', email: '', password: '' };
}

function ignoreUnanswered(error: unknown): void {
  if (!(error instanceof Unanswered || error instanceof Refused)) throw error;
}

function Done() {
  return (
    <Door title={t.setup.done} lead={t.setup.doneLead}>
      <div class="after">
        <a class="button primary" href="/entrar">
          {t.setup.signIn}
        </a>
      </div>
    </Door>
  );
}
