import { ChannelError } from '#channels/channel.ts';
import { unattended } from '#shared/unattended.ts';
import type { Bus } from '../bus.ts';
import { unreact } from '../desk/messages/unreact.ts';
import type { Switchboard } from './switchboard.ts';

/** Makes the gestures that the desk wants at its channels, without waiting for them. */
export function followGestures(bus: Bus, { channel, desk: deskOf }: Pick<Switchboard, 'channel' | 'desk'>): void {
  bus.on('gesture.wanted', ({ channelId, to, gesture, by }) => {
    const gone = channel(channelId)?.gesture?.(to, gesture);
    if (gone === undefined) return;
    const desk = deskOf(channelId);
    if (gesture.type !== 'react' || by === undefined || desk === null) return unattended(gone, 'gesture');
    unattended(
      takenOff(gone, () => unreact(desk, channelId, gesture.target.externalId, by)),
      'reaction',
    );
  });
}

/** Undoes what the network does not take; another fault stays one. */
async function takenOff(gone: Promise<void>, undo: () => Promise<void>): Promise<void> {
  try {
    await gone;
  } catch (error) {
    await undo();
    if (!(error instanceof ChannelError)) throw error;
  }
}
