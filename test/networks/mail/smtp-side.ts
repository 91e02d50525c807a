import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { bytesOf, listening } from './sockets.ts';

/** A mail that was handed over, as it stood on the wire. `from` is '' for the null sender. */
export interface SentMail {
  from: string;
  to: string[];
  raw: Buffer;
}

/** Where a scripted fault strikes. `dot`: all of the mail has arrived and no answer is given, the connection is cut. */
export type Strike = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot';

export interface SmtpFault {
  at: Strike;
  /** 4xx or 5xx; of no use with `dot`. */
  code?: number;
  text?: string;
  /** Only for this recipient. */
  only?: string;
}

interface Account {
  user: string;
  password: string;
}

/** The submission side of the post office: smtp-server with an account, scripted faults and a memory. */
export class SmtpSide {
  readonly sent: SentMail[] = [];
  /** How often a mail began to come in, also those that failed. */
  attempts = 0;
  /** While away, nobody gets as far as a greeting. */
  away = false;
  /** The password is no longer the right one. */
  locked = false;
  /** Who is waiting until `release`: the answer to the dot is held back. */
  private held: (() => void)[] | null = null;
  private readonly faults: SmtpFault[] = [];
  private readonly seen = new Set<string>();
  private greylisting = false;
  private refusingPlus = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: SMTPServer;
  private readonly deliver: (mail: SentMail) => void;

  constructor(account: Account, deliver: (mail: SentMail) => void) {
    this.deliver = deliver;
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authMethods: ['PLAIN', 'LOGIN'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      logger: false,
      onConnect: (_session, done) => done(this.fault('connect')),
      onAuth: ({ username, password }, _session, done) => {
        const fault = this.fault('auth');
        if (fault !== null) return done(fault);
        const known = username === account.user && password === account.password;
        if (known && !this.locked) return done(null, { user: account.user });
        return done(answer(535, '5.7.8 Authentication credentials invalid'));
      },
      onMailFrom: (_address, _session, done) => {
        this.attempts += 1;
        done(this.fault('mail'));
      },
      onRcptTo: ({ address }, session, done) =>
        done(this.fault('rcpt', address) ?? this.unknown(address) ?? this.greylist(session, address)),
      onData: (stream, session, done) => {
        const struck = this.fault('data');
        bytesOf(stream).then((raw) => this.taken(session, raw, struck, done), done);
      },
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket) => {
      if (this.away) socket.destroy();
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  listen(): Promise<number> {
    return listening(this.server.server, () => this.server.listen(0, '127.0.0.1'));
  }

  /** The next mails meet these faults, each once, in order of the places where they strike. */
  fail(...faults: SmtpFault[]): void {
    this.faults.push(...faults);
  }

  /** Every pair of sender and recipient is sent away once with 451, as greylisting does. */
  beGreylisting(): void {
    this.greylisting = true;
  }

  /** Addresses with a plus are unknown here. */
  beRefusingPlus(): void {
    this.refusingPlus = true;
  }

  /** Mails are read, but the answer to the dot waits for the function that this gives. */
  hold(): () => void {
    this.held = [];
    return () => {
      const waiting = this.held ?? [];
      this.held = null;
      for (const go of waiting) go();
    };
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private taken(session: SMTPServerSession, raw: Buffer, struck: Error | null, done: (error?: Error | null) => void) {
    if (struck !== null) return done(struck);
    const dot = this.faults.findIndex(({ at }) => at === 'dot');
    if (dot >= 0) {
      this.faults.splice(dot, 1);
      return this.cut();
    }
    const { mailFrom, rcptTo } = session.envelope;
    const mail = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw };
    const go = () => {
      this.sent.push(mail);
      this.deliver(mail);
      done();
    };
    if (this.held === null) go();
    else this.held.push(go);
  }

  private fault(at: Strike, recipient?: string): Error | null {
    const index = this.faults.findIndex(
      (fault) => fault.at === at && (fault.only === undefined || fault.only === recipient),
    );
    const [found] = index < 0 ? [] : this.faults.splice(index, 1);
    return found === undefined ? null : answer(found.code ?? 451, found.text ?? '4.3.0 scripted');
  }

  private unknown(address: string): Error | null {
    return this.refusingPlus && address.includes('+') ? answer(550, '5.1.1 no such user') : null;
  }

  private greylist(session: SMTPServerSession, address: string): Error | null {
    const { mailFrom } = session.envelope;
    const pair = `${mailFrom === false ? '' : mailFrom.address} ${address}`;
    if (!this.greylisting || this.seen.has(pair)) return null;
    this.seen.add(pair);
    return answer(451, '4.7.1 Greylisted, try again later');
  }
}

function answer(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
