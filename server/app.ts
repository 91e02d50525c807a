import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Connection } from 'mongoose';
import type { Endpoints } from '#channels/channel.ts';
import type { SocketServer } from '#channels/sockets.ts';
import type { Language, Template } from '#shared/company.ts';
import { limits } from '#shared/limits.ts';
import type { Blobs } from './blobs/blobs.ts';
import { type Bus, createBus } from './bus.ts';
import type { ChannelKinds, ChannelLines, Desk } from './desk/desk.ts';
import type { Front } from './desk/front/front.ts';
import { createSetupCode } from './desk/front/setup-code.ts';
import { whoIs } from './desk/front/sign-in.ts';
import { createHttp } from './http/server.ts';
import { startOutbox } from './jobs/outbox.ts';
import { startSweep } from './jobs/sweep.ts';
import { createLive } from './live/live.ts';
import { createMedia } from './media/media.ts';
import type { Paces } from './pace.ts';
import type { Seal } from './seal.ts';
import { type SimulatorLine, simulatorLine } from './simulator-line.ts';
import { agentsOfAccount } from './store/agents.ts';
import { isAway } from './store/faults.ts';
import { newId, storeOf } from './store/store.ts';
import { followGestures } from './switchboard/gestures.ts';
import { type LeaseTimes, leaseTimes } from './switchboard/lease.ts';
import { channelLines } from './switchboard/lines.ts';
import type { MakerOf } from './switchboard/means.ts';
import { createQuiet } from './switchboard/quiet.ts';
import { createSwitchboard } from './switchboard/switchboard.ts';
import { type Samples, welcome } from './welcome.ts';

/** Everything that the app is built from; nothing is read from the environment. */
export interface AppMeans {
  connection: Connection;
  seal: Seal;
  makerOf: MakerOf;
  channelKinds: ChannelKinds;
  samples(language: Language, template: Template): Samples;
  paces: Paces;
  publicUrl: string | null;
  trustProxy: string[];
  setupCode: string | null;
  dist: string;
  /** Where files lie. */
  blobs: Blobs;
  /** Where networks are found. */
  endpoints: Endpoints;
  /** Nobody else can be on this database: what a dead process left behind owns nothing. */
  alone: boolean;
  leaseTimes?: LeaseTimes;
  logger: FastifyBaseLogger;
  /** Milliseconds since 1970; injected so that tests can choose the time. */
  clock(): number;
}

export interface App {
  http: FastifyInstance;
  front: Front;
  bus: Bus;
  /** The customers' side of the pretended networks. */
  simulator: SimulatorLine;
  deskOf(companyId: string): Promise<Desk>;
  /** Starts listening; answers the address that people open. */
  listen(port: number, host: string): Promise<string>;
  /** Stops in order: no new requests, channels and sending finish, sockets close. Calling it again waits for the same end. */
  close(): Promise<void>;
}

/** Wires the whole product by hand; tests build it on port 0. */
export async function createApp(means: AppMeans): Promise<App> {
  const { logger, paces, publicUrl } = means;
  const fault = (what: string, error: unknown): void => logger.error({ err: error, what }, 'fault');
  const log = (line: string, about: Record<string, unknown>): void => logger.warn(about, line);
  const bus = createBus((event, error) => fault(`listener of ${event}`, error));
  const front = frontOf(means, bus);
  const place: { origin: string; lines(): ChannelLines } = { origin: publicUrl ?? '', lines: () => lines };
  const deskOf = desksOf(means, front, place);
  const live = createLive({
    ...{ bus, publicUrl, paces, deskOf, fault },
    whoIs: (token) => whoIs(front, token),
    askerOf: (channelId) => lines.askerOf(channelId),
  });
  const { switchboard, lines, media, outbox, stopSweep } = networksOf(means, {
    ...{ bus, deskOf, log, fault, now: front.now },
    sockets: live.sockets,
    companies: () => front.directory.companies(),
  });
  const simulator = simulatorLine(switchboard);
  const http = await createHttp({
    ...means,
    front,
    deskOf,
    simulator,
    media,
    isAway,
    healthy: () => answers(means.connection),
    welcome: async (signedIn, template, sampleData) => {
      const desk = await deskOf(signedIn.company.id);
      await switchboard.open(desk);
      await welcome({
        desk,
        by: signedIn.agent,
        simulator,
        samples: means.samples(desk.company.language, template),
        sampleData,
      });
    },
  });
  live.attach(http.server);

  let ending: Promise<void> | null = null;
  async function end(): Promise<void> {
    stopSweep();
    // Nothing more is begun; what is being sent still has its channel.
    const sending = outbox.close();
    await switchboard.close();
    await sending;
    // Together: sockets end with the server's connections, and idle ones would keep either waiting.
    await Promise.all([live.close(), http.close()]);
  }

  return {
    http,
    front,
    bus,
    simulator,
    deskOf,
    async listen(port, host) {
      await http.listen({ port, host });
      if (publicUrl === null) place.origin = `http://${reachable(host)}:${(http.server.address() as AddressInfo).port}`;
      for (const company of await front.directory.companies()) await switchboard.open(await deskOf(company.id));
      return place.origin;
    },
    close() {
      ending ??= end();
      return ending;
    },
  };
}

interface NetworkMeans {
  bus: Bus;
  sockets: SocketServer;
  deskOf(companyId: string): Promise<Desk>;
  companies(): Promise<{ id: string }[]>;
  now(): string;
  log(line: string, about: Record<string, unknown>): void;
  fault(what: string, error: unknown): void;
}

/** Everything between the desk and the networks. */
function networksOf(app: AppMeans, { bus, sockets, deskOf, companies, now, log, fault }: NetworkMeans) {
  const { makerOf, channelKinds: kinds, endpoints, alone } = app;
  const media = createMedia(app.blobs, limits.fileBytes);
  const quiet = createQuiet();
  const switchboard = createSwitchboard({
    ...{ makerOf, sockets, bus, deskOf, log, media, endpoints, alone, quiet },
    owner: newId(),
    leaseTimes: app.leaseTimes ?? leaseTimes,
  });
  followGestures(bus, switchboard);
  const lines = channelLines({ switchboard, bus, kinds, endpoints, now });
  const outbox = startOutbox(bus, { lines: switchboard, quietOver: quiet.over, log, fault });
  const stopSweep = startSweep(media, async () => {
    const [company] = await companies();
    return company === undefined ? null : await deskOf(company.id);
  });
  return { switchboard, lines, media, outbox, stopSweep };
}

function frontOf({ connection, seal, clock, setupCode, channelKinds }: AppMeans, bus: Bus): Front {
  const { accounts, directory, sessions } = storeOf(connection, '');
  return {
    accounts,
    directory,
    sessions,
    bind: (companyId) => storeOf(connection, companyId),
    agentsOf: (accountId) => agentsOfAccount(connection, accountId),
    now: () => new Date(clock()).toISOString(),
    newId,
    seal,
    say: bus.say,
    setupCode: createSetupCode(seal, clock, setupCode),
    channelKinds,
  };
}

/** Desks by company, each made once. */
function desksOf(
  { connection, seal, channelKinds }: AppMeans,
  { directory, now, say }: Front,
  place: { origin: string; lines(): ChannelLines },
): (companyId: string) => Promise<Desk> {
  const desks = new Map<string, Desk>();
  return async (companyId) => {
    const known = desks.get(companyId);
    if (known !== undefined) return known;
    const company = await directory.company(companyId);
    if (company === null) throw new Error(`no company ${companyId}`);
    const desk: Desk = {
      ...{ company, store: storeOf(connection, companyId), now, newId, seal, say, channelKinds },
      get lines() {
        return place.lines();
      },
      get origin() {
        return place.origin;
      },
    };
    desks.set(companyId, desk);
    return desk;
  };
}

async function answers(connection: Connection): Promise<boolean> {
  try {
    await connection.db?.admin().command({ ping: 1 }, { timeoutMS: 1_500 });
    return connection.readyState === 1;
  } catch {
    return false;
  }
}

/** A name that a browser can open: "all addresses" is none. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
