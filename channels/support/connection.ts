import type { Connection } from '#shared/channel.ts';
import type { ChannelHost } from '../channel.ts';

/** Tells the desk the state of a connection. Never rejects: the news is logged when the desk cannot take it. */
export async function tellConnection(host: ChannelHost, connection: Connection): Promise<void> {
  try {
    await host.receive({ type: 'connection', connection });
  } catch (error) {
    host.log('the desk did not take the state of the connection', { phase: connection.phase, error: String(error) });
  }
}
