import { Button } from '../../parts/button.tsx';
import { keepQuoting, quotingOf } from '../../state/quoting.ts';
import { say, t } from '../../text.ts';

/** The message that the reply answers to, until it is let go. */
export function QuotingLine({ ticketId }: { ticketId: string }) {
  const quoting = quotingOf(ticketId);
  if (quoting === null) return null;
  return (
    <div class="quoting">
      <span class="texts">
        <b>{say(t.media.quoting, { name: quoting.name })}</b>
        <span class="cut">{quoting.preview}</span>
      </span>
      <Button
        kind="quiet"
        compact
        icon="close"
        label={t.media.unquote}
        onClick={() => {
          keepQuoting(ticketId, null);
          document.getElementById('composer')?.focus();
        }}
      />
    </div>
  );
}
