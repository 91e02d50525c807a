import type { Channel } from '#channels/channel.ts';
import type { Ability, ChannelKind } from '#shared/channel.ts';
import { HostDouble } from './host-double.ts';

/** What the customer has of one message. Texts as shown; `externalId` as `send` named it. */
export interface Got {
  externalId: string;
  text: string;
  files: { name: string; mime: string; bytes: Buffer }[];
  /** The `externalId` or key of what it answers to. */
  replyTo: string | null;
}

/** What a customer writes. A key used before = the network delivers that same message again. */
export interface Written {
  name: string;
  text: string;
  key: string;
  file?: { name: string; mime: string; bytes: Buffer };
  /** Answers to this message of the desk. */
  replyTo?: string;
  /** Something that no build of ours can understand. */
  strange?: true;
}

/** One network with its channel, as the suite drives it. */
export interface Network {
  channel: Channel;
  /** What the network would know as the customer's address. */
  customer: string;
  /** What the desk knows the customer's conversation by. */
  conversation: string;
  /** Called after connecting: resolves when the customer can write (pairing, first login, a widget that opened). */
  enter(): Promise<void>;
  /** A customer writes; resolves when the network was told that it was taken, rejects when the channel let go without that. */
  write(message: Written): Promise<'stored' | 'known'>;
  /** What the customer got, in order; a message that came twice stands twice. */
  got(): Promise<Got[]>;
  /** The customer's side lets the network know that it has what was sent. */
  acknowledge(): Promise<void>;
  /** A fresh channel on the same network, as a new owner makes it. */
  again(): Channel;
  /** Faults of the network; absent where there is no network in between (web chat, simulator). */
  faults?: {
    /** The next send is refused for good. */
    refuse(): void;
    /** The next send is taken but never answered. */
    silence(): void;
    /** The network goes away until `mend`. */
    cut(): Promise<void>;
    mend(): Promise<void>;
    /** The account is thrown out. */
    logOut(): Promise<void>;
  };
  close(): Promise<void>;
}

/** How a channel is put on trial. */
export interface Trial {
  kind: ChannelKind;
  /** Abilities other than the kind's. */
  can?: readonly Ability[];
  /** A network whose channel is not connected yet; `host` holds the files of what is sent. */
  open(host: HostDouble): Promise<Network>;
  /** The longest text that the network carries from a customer. */
  longest: number;
  /** Characters that this network cannot carry are left out of the texts. */
  without?: RegExp;
  /** True: the customer's side sends again what was not taken. False: the network itself delivers it again. */
  resends: boolean;
  /** Makers with wrong settings and the field that each must name. */
  wrong: { make(): Channel; field: string }[];
}

/** A connected channel of the trial. */
export async function begin(trial: Trial) {
  const host = new HostDouble();
  const network = await trial.open(host);
  await network.channel.connect(host);
  await network.enter();
  return { host, network, channel: network.channel };
}

/** One test of the suite with a connected channel; all is closed after it. */
export type With = (what: string, run: (world: Awaited<ReturnType<typeof begin>>) => Promise<void>) => void;

/** Long enough for what is already decided to happen. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A picture of one pixel. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
