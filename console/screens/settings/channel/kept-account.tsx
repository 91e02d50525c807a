import type { ChannelKind } from '#shared/channel.ts';
import { faultIn } from '../../../explain.ts';
import { failureText } from '../../../failures.ts';
import { TextField } from '../../../parts/field.tsx';
import { t } from '../../../text.ts';
import type { Draft } from '../draft.ts';
import { type Check, Checks, mailSteps } from './checks.tsx';
import type { MailValues } from './mail-form.ts';
import { Servers } from './servers.tsx';

interface KeptAccountProps {
  kind: ChannelKind;
  draft: Draft<MailValues & { token: string }>;
  /** How the changed settings did when they were tried; null: not tried. */
  checks: readonly Check[] | null;
}

/** The account of a channel that is there: secrets are never shown, and stay when their field is left empty. */
export function KeptAccount({ kind, draft, checks }: KeptAccountProps) {
  const words = t.channels;
  if (kind === 'telegram') {
    return (
      <TextField
        label={words.telegram.token}
        hint={words.telegram.keepToken}
        optional
        autocomplete="off"
        spellcheck={false}
        value={draft.values.token}
        fault={faultIn(draft.fault, 'config.token') === null ? null : failureText('telegram.token')}
        onText={(token) => draft.set({ token })}
      />
    );
  }
  if (kind !== 'email') return null;
  return (
    <>
      <TextField
        label={words.email.password}
        hint={words.email.keepPassword}
        type="password"
        optional
        autocomplete="new-password"
        value={draft.values.password}
        fault={faultIn(draft.fault, 'config.imap.password')}
        onText={(password) => draft.set({ password })}
      />
      <TextField
        label={words.email.sender}
        optional
        value={draft.values.sender}
        onText={(sender) => draft.set({ sender })}
      />
      <Servers draft={draft} />
      {checks !== null && <Checks checks={checks} awaited={draft.busy ? mailSteps : []} />}
    </>
  );
}
