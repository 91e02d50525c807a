import type { ChannelHost } from '../../channel.ts';
import type { Changes, KeyStore } from './key-store.ts';

/** Records that say what the desk has: they ride in the next write of the keys, or go alone when nothing else comes. */
export class Marks {
  private readonly session: ChannelHost['session'];
  private readonly keys: () => KeyStore | null;
  private left: Changes = {};

  /** `keys`: the store of the live socket, when there is one. */
  constructor(session: ChannelHost['session'], keys: () => KeyStore | null) {
    this.session = session;
    this.keys = keys;
  }

  add(changes: Changes): void {
    const keys = this.keys();
    if (keys === null) Object.assign(this.left, changes);
    else keys.ride(changes);
  }

  /** Writes them now. Rejects when the desk takes nothing more; then their messages are brought again, and are known. */
  async flush(): Promise<void> {
    await this.keys()?.flush();
    const { left } = this;
    this.left = {};
    if (Object.keys(left).length > 0) await this.session.set(left);
  }
}
