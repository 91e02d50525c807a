import hoodiecrow, { type ImapConnection, type ImapServer, type StoredMailbox } from 'hoodiecrow-imap';
import { listening } from './sockets.ts';

interface Account {
  user: string;
  password: string;
}

/** The mailbox of the post office: hoodiecrow with one account, and the ways in which IMAP servers go wrong. */
export class ImapSide {
  /** Connections that were ever made. */
  connections = 0;
  /** Signs of life that were asked for. */
  noops = 0;
  /** The UIDs of every question for bodies, as they were asked for. */
  readonly bodiesAsked: string[] = [];
  /** Whoever asks for the body of one of these loses the connection. */
  readonly breaking = new Set<number>();
  /** While away, nobody gets as far as a greeting. */
  away = false;
  /** Connections are taken, and nothing is answered on them. */
  mute = false;
  private readonly account: Account;
  private readonly server: ImapServer;
  private readonly open = new Set<ImapConnection>();

  constructor(account: Account) {
    this.account = account;
    this.server = hoodiecrow({
      plugins: ['ENABLE', 'ID', 'IDLE', 'LITERALPLUS', 'NAMESPACE', 'UNSELECT', 'UIDPLUS', 'MOVE'],
      users: { [account.user]: { password: account.password } },
      storage: { INBOX: {}, '': { folders: { Sent: {}, Archive: {} } } },
    });
    const noop = this.server.getCommandHandler('NOOP');
    this.server.setCommandHandler('NOOP', (...all) => {
      this.noops += 1;
      noop(...all);
    });
    const fetch = this.server.getCommandHandler('UID FETCH');
    this.server.setCommandHandler('UID FETCH', (connection, parsed, ...rest) => {
      const [uids, items] = (parsed as { attributes: [{ value: string }, Item | Item[]] }).attributes;
      if (!JSON.stringify(items).includes('BODY')) return fetch(connection, parsed, ...rest);
      for (const item of [items].flat()) keepPartial(item);
      this.bodiesAsked.push(uids.value);
      if ([...this.breaking].some((uid) => holds(uids.value, uid))) connection.socket?.destroy();
      else fetch(connection, parsed, ...rest);
    });
    this.server.connectionHandlers.push((connection) => {
      this.connections += 1;
      if (this.away) connection.socket?.destroy();
      if (this.mute) connection.send = () => undefined;
      this.open.add(connection);
      connection.socket?.on('close', () => this.open.delete(connection));
    });
  }

  listen(): Promise<number> {
    return listening(this.server.server, () => this.server.listen(0, '127.0.0.1', () => undefined));
  }

  /** Puts a mail into INBOX and tells who is idling there. Answers its UID. */
  deliver(raw: Uint8Array, at: Date = new Date(), folder = 'INBOX'): number {
    const { message } = this.server.appendMessage(folder, [], at, Buffer.from(raw).toString('latin1'));
    return message.uid;
  }

  /** UIDs and raw mails that lie in the folder. */
  messages(folder = 'INBOX'): { uid: number; raw: Buffer }[] {
    return this.box(folder).messages.map(({ uid, raw }) => ({ uid, raw: Buffer.from(raw, 'latin1') }));
  }

  /** Another client removes a mail. */
  expunge(uid: number): void {
    const box = this.box();
    const gone = box.messages.filter((message) => message.uid === uid);
    const [connection] = this.open;
    if (connection === undefined) box.messages = box.messages.filter((message) => message.uid !== uid);
    else connection.expungeSpecificMessages(box, gone);
  }

  /** The mailbox is rebuilt, as after a restored backup: another UIDVALIDITY, the same mails under new UIDs. */
  renumber(uidValidity: number): void {
    const box = this.box();
    box.uidvalidity = uidValidity;
    box.messages.forEach((message, index) => {
      message.uid = index + 1;
    });
    box.uidnext = box.messages.length + 1;
    this.drop();
  }

  /** Makes later deliveries come far behind: UIDs may have gaps. */
  skipUids(count: number): void {
    this.box().uidnext += count;
  }

  /** The password is no longer the right one; `back` makes it right again. */
  refuseLogins(back = false): void {
    this.server.users[this.account.user] = { password: back ? this.account.password : 'another' };
  }

  /** Every connection is cut. */
  drop(): void {
    for (const { socket } of this.open) socket?.destroy();
  }

  /** The connections of now stay open and never answer again; new ones work. */
  fallSilent(): void {
    for (const connection of this.open) {
      connection.socket?.removeAllListeners('data');
      connection.send = () => undefined;
    }
  }

  get connected(): number {
    return this.open.size;
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private box(folder = 'INBOX'): StoredMailbox {
    return this.server.getMailbox(folder);
  }
}

/** What is asked for of a mail; `partial` is the first byte and how many. */
interface Item {
  partial?: number[];
}

/** Where a mail is shorter than what is asked for, hoodiecrow takes the length out of the question, also for the next. */
function keepPartial({ partial }: Item): void {
  if (partial !== undefined) partial.pop = () => partial.at(-1);
}

/** Whether a set like `3,5:9` holds a UID. */
function holds(set: string, uid: number): boolean {
  return set.split(',').some((part) => {
    const [from = '', to = from] = part.split(':');
    return uid >= Number(from) && uid <= Number(to);
  });
}
