/** Limits that both sides obey. Characters are UTF-16 units as `maxlength` counts them. */
export const limits = {
  /** A reply to a customer. */
  replyCharacters: 16_000,
  noteCharacters: 16_000,
  /** A forwarding's question or answer. */
  forwardingCharacters: 8_000,
  nameCharacters: 120,
  emailCharacters: 254,
  passwordLeast: 8,
  passwordMost: 1_024,
  reasonCharacters: 500,
  descriptionCharacters: 8_000,
  /** What is kept of an inbound message's text. */
  inboundCharacters: 65_536,
  /** One file, in bytes. */
  fileBytes: 64 * 1024 * 1024,
  /** Files of one customer in one day, in bytes. */
  customerDayBytes: 512 * 1024 * 1024,
  /** Files of one reply. */
  filesMost: 10,
  pageMost: 100,
  pageDefault: 40,
  eventsMost: 500,
  /** Messages that a console may ask for again after a gap. */
  rereadMost: 200,
  clientIdPattern: '^[A-Za-z0-9_-]{1,64}$',
} as const;
