import { faultIn } from '../../../explain.ts';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { t } from '../../../text.ts';
import type { Draft } from '../draft.ts';
import type { MailValues } from './mail-form.ts';

/** The two servers of a mailbox, with the name to sign in by. */
export function Servers({ draft }: { draft: Draft<MailValues> }) {
  const words = t.channels.email;
  return (
    <>
      <TextField
        label={words.user}
        required
        spellcheck={false}
        autocomplete="off"
        value={draft.values.user}
        fault={faultIn(draft.fault, 'config.imap.user')}
        onText={(user) => draft.set({ user })}
      />
      <Server draft={draft} side="imap" />
      <Server draft={draft} side="smtp" />
    </>
  );
}

function Server({ draft, side }: { draft: Draft<MailValues>; side: 'imap' | 'smtp' }) {
  const words = t.channels.email;
  const { values, fault, set } = draft;
  const imap = side === 'imap';
  return (
    <fieldset class="server">
      <legend>{words[side]}</legend>
      <TextField
        label={words.host}
        required
        spellcheck={false}
        value={imap ? values.imapHost : values.smtpHost}
        fault={faultIn(fault, `config.${side}.host`)}
        onText={(host) => set(imap ? { imapHost: host } : { smtpHost: host })}
      />
      <TextField
        label={words.port}
        required
        inputmode="numeric"
        pattern="\d{1,5}"
        value={imap ? values.imapPort : values.smtpPort}
        fault={faultIn(fault, `config.${side}.port`)}
        onText={(port) => set(imap ? { imapPort: port } : { smtpPort: port })}
      />
      <SelectField
        label={words.security}
        value={(imap ? values.imapSecure : values.smtpSecure) ? 'tls' : 'starttls'}
        options={[
          { value: 'tls', label: words.tls },
          { value: 'starttls', label: words.starttls },
        ]}
        fault={faultIn(fault, `config.${side}.secure`)}
        onText={(kind) => set(imap ? { imapSecure: kind === 'tls' } : { smtpSecure: kind === 'tls' })}
      />
    </fieldset>
  );
}
