import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connect } from '#server/store/connect.ts';
import { DeskUnderFire } from './desk-under-fire.ts';
import type { Front } from './fronts/front.ts';
import { LeaseBook } from './lease-book.ts';
import type { Reception } from './traffic.ts';

const answerMs = 4_000;

/** Two desks, each a process of its own, on one database and the same networks. */
export class TwoDesks implements Reception {
  readonly first: DeskUnderFire;
  readonly second: DeskUnderFire;
  readonly connection: Connection;
  channelIds: string[] = [];
  private turn = 0;

  private constructor(uri: string, connection: Connection, fronts: Front[]) {
    const networks = Object.assign({}, ...fronts.map(({ env }) => env));
    const env = { ...networks, MONGODB_URI: uri, SECRET_KEY: randomBytes(32).toString('base64') };
    this.connection = connection;
    this.first = new DeskUnderFire(env);
    this.second = new DeskUnderFire(env);
  }

  /** The first one runs all channels, the second one waits beside it. */
  static async open(databaseUri: string, fronts: Front[]): Promise<TwoDesks> {
    const uri = new URL(databaseUri);
    uri.pathname = `/two_${randomBytes(6).toString('hex')}`;
    const desks = new TwoDesks(uri.href, await connect(uri.href), fronts);
    const { first, second } = desks;
    await first.start();
    await first.setUp();
    for (const front of fronts) desks.channelIds.push(await front.connect(first));
    second.joins(first);
    await second.start();
    await desks.waitsAt(second);
    return desks;
  }

  get book(): LeaseBook {
    return new LeaseBook(this.connection, this.channelIds);
  }

  async onlineAt(desk: DeskUnderFire): Promise<void> {
    for (const channelId of this.channelIds) await desk.inPhase(channelId, 'online');
  }

  async waitsAt(desk: DeskUnderFire): Promise<void> {
    for (const channelId of this.channelIds) await desk.inPhase(channelId, 'waiting', 'channel.owned-elsewhere');
  }

  /** Asks one desk after the other until one answers: agents sit at both. */
  async insist(method: string, path: string, body?: object) {
    for (;;) {
      this.turn += 1;
      const desk = this.turn % 2 === 0 ? this.first : this.second;
      try {
        const reply = await desk.call(method, path, body, answerMs);
        if (reply.status < 500) return reply;
      } catch {
        // Dead or frozen just now.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    this.first.close();
    this.second.close();
    await this.connection.dropDatabase();
    await this.connection.close();
  }
}
