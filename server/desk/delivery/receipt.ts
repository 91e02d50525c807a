import type { ChannelEvent } from '#channels/channel.ts';
import { deliveryStates, mayBecome } from '#shared/message.ts';
import type { Desk } from '../desk.ts';
import { tellDelivery } from './tell.ts';

type Receipt = Extract<ChannelEvent, { type: 'receipt' }>;

/** Takes in what a network says of a message on its way. Only ever upwards; a late or repeated receipt changes nothing. */
export async function receipt(
  desk: Desk,
  channelId: string,
  { messageId, status, at }: Receipt,
): Promise<'stored' | 'known'> {
  const message = await desk.store.messages.byId(messageId);
  if (message?.channelId !== channelId || message.delivery === null) return 'known';
  const from = deliveryStates.filter((state) => mayBecome(state, status));
  const delivery = { state: status, at, attempts: message.delivery.attempts, failure: null };
  const changed = await desk.store.messages.deliver(messageId, from, delivery);
  await tellDelivery(desk, changed);
  return changed === null ? 'known' : 'stored';
}
