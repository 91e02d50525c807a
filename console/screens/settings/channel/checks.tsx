import type { ProbeCheck } from '#shared/channel.ts';
import { failureText } from '../../../failures.ts';
import { Icon } from '../../../parts/icon.tsx';
import { say, t } from '../../../text.ts';

/** One check of a probe. */
export type Check = ProbeCheck;

/** What a probe answers. */
export interface Probed {
  ok: boolean;
  as: string;
  name: string | null;
  photo: string | null;
  checks: Check[];
  settings: Record<string, unknown>;
}

/** What is tried of a mailbox, in this order. */
export const mailSteps = ['mail.imap-login', 'mail.folder', 'mail.smtp-login', 'mail.round-trip'];

/** The checks with time, plain sentence and what to do; those of `awaited` that are not there yet stand as waiting. */
export function Checks({ checks, awaited = [] }: { checks: readonly Check[]; awaited?: readonly string[] }) {
  const words = t.channels;
  const ahead = awaited.filter((step) => !checks.some((check) => check.step === step));
  return (
    <ul class="checks" aria-label={words.checks} aria-live="polite">
      {checks.map((check) => (
        <li key={check.step} class={check.ok ? 'ok' : 'bad'} data-check={check.ok ? 'ok' : 'bad'}>
          <Icon name={check.ok ? 'check' : 'warning'} />
          <span class="texts">
            <span>{words.checkSteps[check.step] ?? check.step}</span>
            {check.code !== null && <span class="why">{failureText(check.code)}</span>}
            {check.detail !== null && <span class="detail">{check.detail}</span>}
          </span>
          <span class="words">{check.ok ? words.checkOk : words.checkBad}</span>
          <span class="ms">{say(words.ms, { n: check.ms })}</span>
        </li>
      ))}
      {ahead.map((step) => (
        <li key={step}>
          <Icon name="clock" />
          <span class="texts">{words.checkSteps[step] ?? step}</span>
          <span class="words">{words.checkPending}</span>
        </li>
      ))}
    </ul>
  );
}
