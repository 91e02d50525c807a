import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { say, t } from '../../text.ts';

/** A fresh invitation, to be copied now: it is not shown again. */
export function InviteLink({ name, url }: { name: string; url: string }) {
  const words = t.settings.team;
  return (
    <section class="fresh" role="status">
      <h3>{say(words.inviteTitle, { name })}</h3>
      <p>{words.inviteHint}</p>
      <div class="copied">
        <input
          class="input"
          readonly
          value={url}
          aria-label={words.inviteLink}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={url} label={words.inviteLink} words={t.parts.copy} />
      </div>
    </section>
  );
}

/** Makes an invitation anew, for who lost the link (`invited`) or the password. */
export function NewLink({ invited, busy, onMake }: { invited: boolean; busy: boolean; onMake: () => void }) {
  const words = t.settings.team;
  return (
    <div class="switch">
      <p>{invited ? words.newLinkHint : words.newPasswordHint}</p>
      <Button icon="link" busy={busy} onClick={onMake}>
        {words.newLink}
      </Button>
    </div>
  );
}
