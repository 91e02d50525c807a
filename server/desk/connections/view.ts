import { type ChannelView, withoutPairing } from '#shared/channel.ts';
import type { Caller, Desk, KeptChannel } from '../desk.ts';

/** A channel as `by` may see it: QR and code only for the admin who asked for them. */
export function viewOf(desk: Desk, channel: KeptChannel, by: Caller): ChannelView {
  const { settings: _kept, lastIn: _in, lastOut: _out, ...view } = channel;
  const connection = desk.lines.connectionOf(channel.id);
  const asked = by.actor.id !== null && desk.lines.askerOf(channel.id) === by.actor.id;
  return {
    ...view,
    config: desk.channelKinds.shown(channel),
    connection: asked ? connection : withoutPairing(connection),
    since: desk.lines.sinceOf(channel.id),
  };
}
