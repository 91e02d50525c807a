import type { TicketView } from '#shared/ticket.ts';
import { Button } from '../../parts/button.tsx';
import { may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { t } from '../../text.ts';

/** Under a conversation that nobody has taken: reading changes nothing, one key takes it. */
export function Peek({ ticket, onTake }: { ticket: TicketView; onTake: () => void }) {
  const by = me.value;
  if (!by || ticket.closedAt !== null || ticket.agentId !== null) return null;
  const takes = may(by, 'take', ticket);
  return (
    <div class="peek">
      <span>{takes ? t.ticket.peek : t.ticket.peekOther}</span>
      {takes && (
        <Button kind="primary" onClick={onTake}>
          {t.ticket.peekTake}
        </Button>
      )}
    </div>
  );
}
