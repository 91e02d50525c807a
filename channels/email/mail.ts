/** A mail as the parser hands it from its own process to the channel: plain data, nothing in it is trusted. */

export interface MailPerson {
  /** As written, domain in lower case; always passes `isAddress`. */
  address: string;
  name: string;
}

export interface MailFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
  /** Shown within the HTML, by its place in `files`. */
  inline: boolean;
}

/** What a delivery report (RFC 3464) says of one mail. */
export interface DeliveryReport {
  /** Bare Message-ID of the mail that it is about. */
  messageId: string;
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** RFC 3463, such as `5.1.1`; '' when it said none. */
  status: string;
}

export interface ParsedMail {
  /** Bare ids, without `<>`. */
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  subject: string;
  /** When the last server took it, else when it says that it was written; ISO. */
  at: string | null;
  from: MailPerson | null;
  replyTo: MailPerson[];
  to: MailPerson[];
  cc: MailPerson[];
  /** Addresses it was delivered to, from Delivered-To, X-Original-To and the like. */
  deliveredTo: string[];
  /** Value of our own loop header. */
  loop: string | null;
  auto: 'reply' | 'list' | 'bulk' | null;
  report: DeliveryReport | null;
  /** The answer alone; NFC. */
  text: string;
  /** With quotes and signature, when `text` is without. */
  full: string | null;
  /** Sanitised; a file of the mail is named `cid:<nonce>-<index>`. */
  html: string | null;
  files: MailFile[];
  /** Files that were left out because there were too many. */
  filesDropped: number;
}

/** What the parser is asked. `nonce` makes the places of files in the HTML unforgeable. */
export interface ParseRequest {
  raw: Uint8Array;
  nonce: string;
  /** Only the head of the mail was fetched: say nothing of its body. */
  headOnly: boolean;
}

export type ParseAnswer = { ok: true; mail: ParsedMail } | { ok: false; reason: string };

/** What one mail may hold; beyond it the mail is not taken apart. */
export const mailLimits = {
  rawBytes: 25 * 1024 * 1024,
  parts: 1_000,
  depth: 20,
  headerBytes: 256 * 1024,
  /** UTF-16 units; what is longer is cut, the mail as it came has the rest. */
  text: 1_000_000,
  /** Bytes of all texts and HTML together, as they are encoded in the mail. */
  textBytes: 8 * 1024 * 1024,
  html: 2 * 1024 * 1024,
  htmlDepth: 500,
  /** Where HTML opens this many tags without closing them, it ends. */
  htmlOpen: 2_000,
  files: 100,
  people: 200,
  references: 100,
  parseMs: 10_000,
} as const;

/** Header by which we know a mail of ours when it comes back. */
export const loopHeader = 'X-Balcao-Loop';
