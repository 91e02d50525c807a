import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { InviteView, Me } from '#shared/api.ts';
import { limits } from '#shared/limits.ts';
import { unattended } from '#shared/unattended.ts';
import { explain, faultIn } from '../../explain.ts';
import { get, post } from '../../http.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { preferences } from '../../preferences.ts';
import { Refused } from '../../refused.ts';
import { enter } from '../../session.ts';
import { say, setLanguage, t } from '../../text.ts';
import { Door } from '../sign-in/door.tsx';

type Reading =
  | { phase: 'reading' }
  | { phase: 'gone' }
  | { phase: 'failed'; why: string }
  | { phase: 'here'; invite: InviteView };

/** `/convite/:token`: who was invited chooses a password and is in. */
export default function Invite({ token }: { token: string }) {
  const [reading, setReading] = useState<Reading>({ phase: 'reading' });
  const [tries, setTries] = useState(0);

  useEffect(() => {
    setReading({ phase: 'reading' });
    unattended(read(token).then(setReading), 'read the invitation');
  }, [token, tries]);

  const gone = () => setReading({ phase: 'gone' });
  if (reading.phase === 'here') return <Accept token={token} invite={reading.invite} onGone={gone} />;
  if (reading.phase === 'reading') return <Door title={t.signIn.loading}>{null}</Door>;
  const lead = reading.phase === 'gone' ? t.signIn.inviteGoneLead : reading.why;
  return (
    <Door title={reading.phase === 'gone' ? t.signIn.inviteGone : t.signIn.inviteUnread} lead={lead}>
      <div class="after">
        {reading.phase === 'failed' && <Button onClick={() => setTries(tries + 1)}>{t.parts.tryAgain}</Button>}
        <a href="/entrar">{t.signIn.toSignIn}</a>
      </div>
    </Door>
  );
}

async function read(token: string): Promise<Reading> {
  try {
    const invite = await get<InviteView>(`/invites/${encodeURIComponent(token)}`);
    if (preferences.value.language === null) await setLanguage(invite.language);
    return { phase: 'here', invite };
  } catch (error) {
    return isGone(error) ? { phase: 'gone' } : { phase: 'failed', why: explain(error) };
  }
}

const isGone = (error: unknown): boolean => error instanceof Refused && error.code === 'invite.invalid';

function Accept({ token, invite, onGone }: { token: string; invite: InviteView; onGone: () => void }) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);

  async function accept(form: HTMLFormElement): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      const password = new FormData(form).get('password');
      await enter(await post<Me>(`/invites/${encodeURIComponent(token)}`, { password }));
      route('/', true);
    } catch (error) {
      if (isGone(error)) onGone();
      setFault(error);
      setBusy(false);
    }
  }

  const { name, company, email } = invite;
  const inField = faultIn(fault, 'password');
  return (
    <Door title={t.signIn.inviteTitle} lead={say(t.signIn.inviteLead, { name, company })}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) unattended(accept(event.currentTarget), 'accept the invitation');
        }}
      >
        <Password email={email} fault={inField} />
        <p class="help">{say(t.signIn.inviteAs, { email })}</p>
        {fault !== null && inField === null && (
          <p class="refusal" role="alert">
            {explain(fault)}
          </p>
        )}
        <Button type="submit" kind="primary" class="wholly" busy={busy}>
          {busy ? t.signIn.entering : t.signIn.accept}
        </Button>
      </form>
    </Door>
  );
}

function Password({ email, fault }: { email: string; fault: string | null }) {
  return (
    <>
      {/* For password managers: they keep the address with the new password. */}
      <input
        class="words"
        name="email"
        type="email"
        autocomplete="username"
        value={email}
        readonly
        tabIndex={-1}
        aria-hidden="true"
      />
      <TextField
        label={t.signIn.newPassword}
        name="password"
        type="password"
        autocomplete="new-password"
        required
        minlength={limits.passwordLeast}
        maxlength={limits.passwordMost}
        hint={say(t.signIn.passwordHint, { n: limits.passwordLeast })}
        fault={fault}
        autofocus
      />
    </>
  );
}
