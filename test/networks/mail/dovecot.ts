import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { listening } from './sockets.ts';

const binary = '/usr/sbin/dovecot';

/** Whether a Dovecot (Debian: dovecot-imapd, dovecot-lmtpd) is installed here. */
export function available(): boolean {
  return existsSync(binary);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server, () => server.listen(0, '127.0.0.1'));
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Place {
  root: string;
  imapPort: number;
  lmtpPort: number;
}

/** Dovecot 2.3 wants its own users when it is started by root, and none of them otherwise. */
function configOf({ root, imapPort, lmtpPort }: Place): string {
  const privileged = userInfo().uid === 0;
  const user = privileged ? 'dovecot' : userInfo().username;
  const group = privileged ? 'dovecot' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();
  const own = `state_dir = ${root}/run
default_login_user = ${user}
default_internal_user = ${user}
default_internal_group = ${group}
service anvil {
  chroot =
}`;
  return `base_dir = ${root}/run
log_path = ${root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${root}/mail/%u
first_valid_uid = 1
${privileged ? `mail_uid = ${user}\nmail_gid = ${group}` : own}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${root}/users
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${root}/mail/%u
}
service imap-login {
  ${privileged ? '' : 'chroot ='}
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
namespace inbox {
  inbox = yes
}
`;
}

/** A real Dovecot with one account, its files in a folder of its own. Mails come in by LMTP. */
export class Dovecot {
  readonly address = 'suporte@acme.test';
  readonly password = 'segredo-do-correio';
  readonly imapPort: number;
  private readonly place: Place;
  private child: ChildProcess | null = null;
  private delivering: Promise<unknown> = Promise.resolve();
  private delivered = 0;

  private constructor(place: Place) {
    this.place = place;
    this.imapPort = place.imapPort;
  }

  /** Resolves once mails are taken. */
  static async start(): Promise<Dovecot> {
    const root = await mkdtemp(join(tmpdir(), 'balcao-dovecot-'));
    await chmod(root, 0o755);
    const place = { root, imapPort: await freePort(), lmtpPort: await freePort() };
    await mkdir(join(root, 'mail'));
    await mkdir(join(root, 'run'));
    if (userInfo().uid === 0) execFileSync('chown', ['-R', 'dovecot:dovecot', join(root, 'mail')]);
    await writeFile(join(root, 'dovecot.conf'), configOf(place));
    const dovecot = new Dovecot(place);
    await dovecot.setPassword(dovecot.password);
    await dovecot.serve();
    return dovecot;
  }

  /** From the next login on only this password is right. */
  async setPassword(password: string): Promise<void> {
    await writeFile(join(this.place.root, 'users'), `${this.address}:{PLAIN}${password}::::::\n`, { mode: 0o644 });
  }

  /** Starts serving; also again after `cease`, with all mails. */
  async serve(): Promise<void> {
    // In the foreground: the child is Dovecot's master itself.
    this.child = spawn(binary, ['-F', '-c', join(this.place.root, 'dovecot.conf')], { stdio: 'ignore' });
    await this.ready();
  }

  /** Ends every connection and takes no new one. */
  async cease(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** Hands a mail over as a mail exchanger does, one after the other; `to` may be a plus address. Answers the UID. */
  deliver(raw: Uint8Array, to: string = this.address): Promise<number> {
    const delivery = this.delivering.then(async () => {
      await this.handOver(raw, to);
      this.delivered += 1;
      return this.delivered;
    });
    this.delivering = delivery.catch(() => undefined);
    return delivery;
  }

  private async handOver(raw: Uint8Array, to: string): Promise<void> {
    const connection = new SMTPConnection({
      host: '127.0.0.1',
      port: this.place.lmtpPort,
      lmtp: true,
      ignoreTLS: true,
    });
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect(() => {
        connection.send({ from: 'ana@correio.example', to: [to] }, Buffer.from(raw), (error) => {
          connection.quit();
          if (error) reject(error);
          else resolve();
        });
      });
    });
  }

  /** What it wrote down, for a failing test. */
  async log(): Promise<string> {
    return await readFile(join(this.place.root, 'dovecot.log'), 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    await this.cease();
    await rm(this.place.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** LMTP answering its greeting is the last thing that comes up. */
  private async ready(): Promise<void> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const answered = await this.greets();
      if (answered) return;
      if (this.child?.exitCode !== null || Date.now() > deadline) {
        const log = await this.log();
        await this.stop();
        throw new Error(`Dovecot did not come up: ${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private greets(): Promise<boolean> {
    const connection = new SMTPConnection({
      host: '127.0.0.1',
      port: this.place.lmtpPort,
      lmtp: true,
      ignoreTLS: true,
    });
    return new Promise((resolve) => {
      connection.once('error', () => resolve(false));
      connection.connect(() => {
        connection.quit();
        resolve(true);
      });
    });
  }
}
