import type { Desk, KeptMessage } from '../desk.ts';
import { tellMessage } from '../messages/tell.ts';

/** How a try to send ended. `queued` puts it back for another try. */
export type Outcome =
  | { state: 'sent'; externalId: string }
  | { state: 'failed' | 'uncertain' | 'queued'; failure: string };

/**
 * Writes down how a try to send ended, unless the network has told more meanwhile or another try has begun: `attempts`
 * is the number of the try that ended.
 */
export async function settle(desk: Desk, message: KeptMessage, attempts: number, outcome: Outcome): Promise<void> {
  const delivery = {
    state: outcome.state,
    at: desk.now(),
    // A try that ended before its claim counts too, or an adapter's fault would be tried for ever.
    attempts: Math.max(attempts, (message.delivery?.attempts ?? 0) + 1),
    failure: 'failure' in outcome ? outcome.failure : null,
  };
  const externalId = 'externalId' in outcome ? outcome.externalId : undefined;
  await tellMessage(desk, await desk.store.messages.settle(message.id, attempts, delivery, externalId));
}
