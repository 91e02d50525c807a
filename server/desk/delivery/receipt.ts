import type { ChannelEvent } from '#channels/channel.ts';
import { faultPoint } from '#shared/fault.ts';
import { deliveryStates, mayBecome } from '#shared/message.ts';
import type { Desk } from '../desk.ts';
import { tellMessage } from '../messages/tell.ts';

type Receipt = Extract<ChannelEvent, { type: 'receipt' }>;

/** Takes in what a network says of a message on its way. Only ever upwards; a late or repeated receipt changes nothing. */
export async function receipt(
  desk: Desk,
  channelId: string,
  { externalId, status, at, error }: Receipt,
): Promise<'stored' | 'known'> {
  await faultPoint('O8');
  const found = await desk.store.messages.byExternalIds(channelId, [externalId]);
  const message = found.find(({ delivery }) => delivery !== null);
  if (message === undefined || message.delivery === null) return 'known';
  const from = deliveryStates.filter((state) => mayBecome(state, status));
  const failure = status === 'failed' ? (error?.code ?? 'channel.refused') : null;
  const delivery = { state: status, at, attempts: message.delivery.attempts, failure };
  const changed = await desk.store.messages.deliver(message.id, from, delivery);
  await tellMessage(desk, changed);
  return changed === null ? 'known' : 'stored';
}
