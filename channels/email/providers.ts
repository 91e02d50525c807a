/** Where a mailbox is read and sent from. `secure`: TLS from the first byte, else STARTTLS. */
export interface ServerPlace {
  host: string;
  port: number;
  secure: boolean;
}

export interface Provider {
  name: string;
  /** Domains of its own addresses, such as `gmail.com`; `yahoo.*` stands for every country's. */
  domains: string[];
  /** Ends of the names of its mail exchangers: by them domains of its customers are known. */
  exchangers: string[];
  imap: ServerPlace;
  smtp: ServerPlace;
  /** What it wants instead of the account's password. */
  needs: 'app-password' | 'oauth' | null;
}

const imaps = (host: string): ServerPlace => ({ host, port: 993, secure: true });
const smtps = (host: string): ServerPlace => ({ host, port: 465, secure: true });
const submission = (host: string): ServerPlace => ({ host, port: 587, secure: false });

/** From the providers' own help pages. A provider may stand twice, when customers' domains have other servers. */
export const providers: readonly Provider[] = [
  {
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    exchangers: ['google.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    smtp: smtps('smtp.gmail.com'),
    needs: 'app-password',
  },
  {
    name: 'Outlook',
    domains: ['outlook.*', 'hotmail.*', 'live.*', 'msn.com'],
    exchangers: ['olc.protection.outlook.com'],
    imap: imaps('outlook.office365.com'),
    smtp: submission('smtp-mail.outlook.com'),
    needs: 'oauth',
  },
  {
    name: 'Microsoft 365',
    domains: [],
    exchangers: ['protection.outlook.com', 'mx.microsoft'],
    imap: imaps('outlook.office365.com'),
    smtp: submission('smtp.office365.com'),
    needs: 'oauth',
  },
  {
    name: 'Yahoo',
    domains: ['yahoo.*', 'ymail.com', 'rocketmail.com'],
    exchangers: ['yahoodns.net'],
    imap: imaps('imap.mail.yahoo.com'),
    smtp: smtps('smtp.mail.yahoo.com'),
    needs: 'app-password',
  },
  {
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    exchangers: ['mail.icloud.com'],
    imap: imaps('imap.mail.me.com'),
    smtp: submission('smtp.mail.me.com'),
    needs: 'app-password',
  },
  {
    name: 'AOL',
    domains: ['aol.com'],
    exchangers: [],
    imap: imaps('imap.aol.com'),
    smtp: smtps('smtp.aol.com'),
    needs: 'app-password',
  },
  {
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm'],
    exchangers: ['messagingengine.com'],
    imap: imaps('imap.fastmail.com'),
    smtp: smtps('smtp.fastmail.com'),
    needs: 'app-password',
  },
  {
    name: 'Zoho',
    domains: ['zoho.com', 'zohomail.com'],
    exchangers: [],
    imap: imaps('imap.zoho.com'),
    smtp: smtps('smtp.zoho.com'),
    needs: null,
  },
  {
    name: 'Zoho',
    domains: [],
    exchangers: ['zoho.com'],
    imap: imaps('imappro.zoho.com'),
    smtp: smtps('smtppro.zoho.com'),
    needs: null,
  },
  {
    name: 'Zoho',
    domains: [],
    exchangers: ['zoho.eu'],
    imap: imaps('imappro.zoho.eu'),
    smtp: smtps('smtppro.zoho.eu'),
    needs: null,
  },
  {
    name: 'Yandex',
    domains: ['yandex.*', 'ya.ru'],
    exchangers: ['yandex.net', 'yandex.ru'],
    imap: imaps('imap.yandex.com'),
    smtp: smtps('smtp.yandex.com'),
    needs: 'app-password',
  },
  {
    name: 'GMX',
    domains: ['gmx.com'],
    exchangers: [],
    imap: imaps('imap.gmx.com'),
    smtp: submission('mail.gmx.com'),
    needs: null,
  },
  {
    name: 'UOL',
    domains: ['uol.com.br'],
    exchangers: ['mx.uol.com.br'],
    imap: imaps('imap.uol.com.br'),
    smtp: submission('smtps.uol.com.br'),
    needs: null,
  },
  {
    name: 'UOL Host',
    domains: [],
    exchangers: ['uhserver.com'],
    imap: imaps('imap.uhserver.com'),
    smtp: smtps('smtps.uhserver.com'),
    needs: null,
  },
  {
    name: 'BOL',
    domains: ['bol.com.br'],
    exchangers: ['mx.bol.com.br'],
    imap: imaps('imap.bol.com.br'),
    smtp: submission('smtps.bol.com.br'),
    needs: null,
  },
  {
    name: 'Terra',
    domains: ['terra.com.br'],
    exchangers: ['terra.com.br', 'terra.com'],
    imap: imaps('imap.terra.com.br'),
    smtp: submission('smtp.terra.com.br'),
    needs: null,
  },
  {
    name: 'iG',
    domains: ['ig.com.br'],
    exchangers: ['ig.com.br'],
    imap: imaps('imap.ig.com.br'),
    smtp: submission('smtp.ig.com.br'),
    needs: null,
  },
  {
    name: 'Locaweb',
    domains: [],
    exchangers: ['locaweb.com.br', 'email-ssl.com.br'],
    imap: imaps('email-ssl.com.br'),
    smtp: smtps('email-ssl.com.br'),
    needs: null,
  },
  {
    name: 'Titan',
    domains: [],
    exchangers: ['titan.email', 'flockmail.com'],
    imap: imaps('imap.titan.email'),
    smtp: smtps('smtp.titan.email'),
    needs: null,
  },
  {
    name: 'KingHost',
    domains: [],
    exchangers: ['kinghost.net'],
    imap: imaps('imap.kinghost.net'),
    smtp: smtps('smtp.kinghost.net'),
    needs: null,
  },
  {
    name: 'Hostinger',
    domains: [],
    exchangers: ['hostinger.com', 'titan.hostinger.com'],
    imap: imaps('imap.hostinger.com'),
    smtp: smtps('smtp.hostinger.com'),
    needs: null,
  },
  {
    name: 'GoDaddy',
    domains: [],
    exchangers: ['secureserver.net'],
    imap: imaps('imap.secureserver.net'),
    smtp: smtps('smtpout.secureserver.net'),
    needs: null,
  },
  {
    name: 'Rackspace',
    domains: [],
    exchangers: ['emailsrvr.com'],
    imap: imaps('secure.emailsrvr.com'),
    smtp: smtps('secure.emailsrvr.com'),
    needs: null,
  },
  {
    name: 'IONOS',
    domains: [],
    exchangers: ['ionos.com', '1and1.com'],
    imap: imaps('imap.ionos.com'),
    smtp: smtps('smtp.ionos.com'),
    needs: null,
  },
  {
    name: 'OVH',
    domains: [],
    exchangers: ['mail.ovh.net'],
    imap: imaps('ssl0.ovh.net'),
    smtp: smtps('ssl0.ovh.net'),
    needs: null,
  },
];
