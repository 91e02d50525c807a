/** What the form of a mailbox holds; ports as they are typed. */
export interface MailValues {
  address: string;
  password: string;
  sender: string;
  user: string;
  imapHost: string;
  imapPort: string;
  imapSecure: boolean;
  smtpHost: string;
  smtpPort: string;
  smtpSecure: boolean;
}

interface Server {
  host: string;
  port: number;
  secure: boolean;
}

/** What `POST /channels/guess` answers. */
export interface Guess {
  imap: Server;
  smtp: Server;
  user: string;
  how: string;
  provider: string | null;
  needs: 'app-password' | 'oauth' | null;
}

/** The form filled with what was guessed. */
export function withGuess({ imap, smtp, user }: Guess): Partial<MailValues> {
  return {
    user,
    imapHost: imap.host,
    imapPort: String(imap.port),
    imapSecure: imap.secure,
    smtpHost: smtp.host,
    smtpPort: String(smtp.port),
    smtpSecure: smtp.secure,
  };
}

/** The settings that the channel takes. An empty password is left out: the kept one stays. */
export function mailConfig(values: MailValues): Record<string, unknown> {
  const account = {
    user: values.user.trim(),
    ...(values.password === '' ? {} : { password: values.password }),
  };
  return {
    address: values.address.trim(),
    name: values.sender.trim(),
    imap: { ...account, host: values.imapHost.trim(), port: Number(values.imapPort), secure: values.imapSecure },
    smtp: { ...account, host: values.smtpHost.trim(), port: Number(values.smtpPort), secure: values.smtpSecure },
  };
}

/** The form of a mailbox that is kept; its password is never shown. */
export function valuesOfMail(config: Record<string, unknown> | null): MailValues {
  const imap = record(config?.imap);
  const smtp = record(config?.smtp);
  return {
    address: text(config?.address),
    password: '',
    sender: text(config?.name),
    user: text(imap.user),
    imapHost: text(imap.host),
    imapPort: text(imap.port),
    imapSecure: imap.secure !== false,
    smtpHost: text(smtp.host),
    smtpPort: text(smtp.port),
    smtpSecure: smtp.secure !== false,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
