import { useState } from 'preact/hooks';
import { newClientId } from '#shared/client-id.ts';
import type { Delivery, DeliveryState, MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { failureText } from '../../failures.ts';
import { command } from '../../live.ts';
import { Button } from '../../parts/button.tsx';
import { messageChanged } from '../../state/ticket.ts';
import { say, t } from '../../text.ts';
import { wantedText } from './acting.ts';

const ticks: Partial<Record<DeliveryState, string>> = { sent: '✓', delivered: '✓✓', read: '✓✓' };

/** How far a message got; a network without receipts stops at `sent`. */
export function Progress({ state }: { state: DeliveryState }) {
  return (
    <span class={state === 'read' ? 'progress seen' : 'progress'}>
      {ticks[state] && <span aria-hidden="true"> {ticks[state]}</span>} {t.ticket.deliveries[state]}
    </span>
  );
}

/** Why the network did not take it; the desk's own refusals have their sentences elsewhere. */
function failureSentence(code: string): string {
  const own: Record<string, string> = t.errors;
  return code in t.failures ? failureText(code) : (own[code] ?? failureText(code));
}

/** The network refused it, or nobody knows: it is never sent again by itself. `acts`: the agent may decide. */
export function FailedDelivery({
  message,
  delivery,
  acts,
}: {
  message: MessageView;
  delivery: Delivery;
  acts: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const failed = delivery.state === 'failed';
  const decide = async (verb: 'resend' | 'confirm' | 'discard', then?: () => void) => {
    setBusy(true);
    setFault('');
    try {
      const about = { ticketId: message.ticketId, messageId: message.id, clientId: newClientId() };
      messageChanged(await command(`message:${verb}`, about));
      then?.();
    } catch (error) {
      setFault(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const act = (name: string, verb: 'resend' | 'confirm' | 'discard', then?: () => void) => (
    <Button kind="link" busy={busy} onClick={() => unattended(decide(verb, then), verb)}>
      {name}
    </Button>
  );
  const back = () => {
    const { ticketId, text } = message;
    wantedText.value = { ticketId, mode: 'reply', text };
  };
  return (
    <div class="trouble">
      <span>{failed ? reasonOf(delivery) : t.ticket.uncertain}</span>
      {acts && failed && (
        <>
          {act(t.ticket.tryAgain, 'resend')}
          {message.text !== '' && act(t.ticket.edit, 'discard', back)}
          {act(t.ticket.discard, 'discard')}
        </>
      )}
      {acts && !failed && (
        <>
          {act(t.media.confirmArrived, 'confirm')}
          {act(t.ticket.sendAgain, 'resend')}
        </>
      )}
      {fault !== '' && <span role="alert">{fault}</span>}
    </div>
  );
}

function reasonOf({ failure }: Delivery): string {
  return failure === null ? t.ticket.notSent : say(t.media.failedBecause, { reason: failureSentence(failure) });
}
