import type { DeliveryState } from '#shared/message.ts';
import type { Desk, KeptMessage } from '../desk.ts';
import { tellDelivery } from './tell.ts';

/** How a try to send ended. `queued` puts it back for another try. */
export type Outcome =
  | { state: 'sent'; externalId: string }
  | { state: 'failed' | 'uncertain' | 'queued'; failure: string };

/** Writes down how a try to send ended, unless the network has told more meanwhile. */
export async function settle(desk: Desk, message: KeptMessage, outcome: Outcome): Promise<void> {
  const from: DeliveryState[] = ['sending'];
  const delivery = {
    state: outcome.state,
    at: desk.now(),
    attempts: message.delivery?.attempts ?? 1,
    failure: 'failure' in outcome ? outcome.failure : null,
  };
  const externalId = 'externalId' in outcome ? outcome.externalId : undefined;
  await tellDelivery(desk, await desk.store.messages.deliver(message.id, from, delivery, externalId));
}
