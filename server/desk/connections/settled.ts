import * as z from 'zod/mini';
import { ChannelError } from '#channels/channel.ts';
import { DeskError } from '../../errors.ts';
import type { Desk, KeptChannel } from '../desk.ts';
import type { Work } from '../work.ts';

/** Settings of a channel as they come in; each kind checks its own. */
export const config = z.record(z.string().check(z.maxLength(64, 'too-long')), z.unknown());

/** The settings as the kind's maker wants them. A wrong one is refused by its field's name. */
export function settled(
  desk: Desk,
  channel: Pick<KeptChannel, 'id' | 'kind' | 'settings'>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  try {
    return desk.channelKinds.settle(desk, channel, given);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new DeskError('input.invalid', {}, { [`config.${error.field ?? ''}`]: error.code });
  }
}

/** Tells the switchboard and the consoles, once it has committed. */
export function changed(work: Work, channelId: string): void {
  const { id: companyId } = work.desk.company;
  work.news.push({ event: 'channel.changed', payload: { companyId, channelId } });
  work.news.push({ event: 'catalog.changed', payload: { companyId } });
}
