/** What the post office uses of hoodiecrow-imap, which brings no types. */
declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net';

  export interface StoredMessage {
    uid: number;
    flags: string[];
    internaldate: string | Date;
    raw: string;
  }

  export interface StoredMailbox {
    uidvalidity: number;
    uidnext: number;
    messages: StoredMessage[];
  }

  export interface ImapConnection {
    socket: Socket | null;
    selectedMailbox: StoredMailbox | false;
    notificationQueue: unknown[];
    send(...parts: unknown[]): void;
    onData(chunk: Buffer): void;
    expungeSpecificMessages(mailbox: StoredMailbox, messages: StoredMessage[]): void;
  }

  export type CommandHandler = (connection: ImapConnection, ...rest: unknown[]) => void;

  export interface ImapServer {
    server: Server;
    users: Record<string, { password: string }>;
    connectionHandlers: ((connection: ImapConnection) => void)[];
    getCommandHandler(command: string): CommandHandler;
    setCommandHandler(command: string, handler: CommandHandler): void;
    getMailbox(path: string): StoredMailbox;
    appendMessage(
      mailbox: string | StoredMailbox,
      flags: string[],
      internaldate: Date,
      raw: string,
    ): { message: StoredMessage };
    notify(command: unknown, mailbox: StoredMailbox): void;
    listen(port: number, host: string, done: () => void): void;
    close(done: () => void): void;
  }

  export default function hoodiecrow(options: {
    plugins: string[];
    users: Record<string, { password: string }>;
    storage: Record<string, unknown>;
  }): ImapServer;
}
