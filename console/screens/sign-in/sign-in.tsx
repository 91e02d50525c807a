import { useEffect, useState } from 'preact/hooks';
import type { Me } from '#shared/api.ts';
import { limits } from '#shared/limits.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { post } from '../../http.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { enter } from '../../session.ts';
import { t } from '../../text.ts';
import { Door } from './door.tsx';

/** `/entrar`, and any address of the desk while nobody is signed in. */
export default function SignIn() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  useEffect(() => {
    document.title = `${t.signIn.title} · Balcão`;
  }, [t.signIn.title]);

  async function signIn(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form);
    setBusy(true);
    setFault(null);
    try {
      await enter(await post<Me>('/login', { email: data.get('email'), password: data.get('password') }));
    } catch (error) {
      setFault(explain(error));
      setBusy(false);
      form.querySelector<HTMLInputElement>('[name=password]')?.select();
    }
  }

  return (
    <Door title={t.signIn.title}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) unattended(signIn(event.currentTarget), 'sign in');
        }}
      >
        <TextField
          label={t.signIn.email}
          name="email"
          type="email"
          autocomplete="username"
          required
          maxlength={limits.emailCharacters}
          autofocus
        />
        <TextField
          label={t.signIn.password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxlength={limits.passwordMost}
        />
        {fault && (
          <p class="refusal" role="alert">
            {fault}
          </p>
        )}
        <Button type="submit" kind="primary" class="wholly" busy={busy}>
          {busy ? t.signIn.entering : t.signIn.enter}
        </Button>
        <p class="help">{t.signIn.help}</p>
      </form>
    </Door>
  );
}
