import { ChannelError, type Endpoints } from '../channel.ts';

/** Settings of a Telegram channel. Groups are ignored: a desk talks with one customer at a time. */
export interface TelegramSettings {
  /** As BotFather hands it out: the bot's number, a colon, the secret. */
  token: string;
  groups: 'ignore';
  /** Found out by the probe: the bot's name without `@`, and where customers find it. */
  username?: string;
  link?: string;
}

/** What the channel needs to reach its bot. */
export interface Bot {
  token: string;
  /** Where the Bot API is, without a slash at the end. */
  root: string;
}

const usualRoot = 'https://api.telegram.org';
// "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11" (Bot API, "Authorizing your bot").
const usernameShape = /^\w{1,64}$/;
const tokenShape = /^\d{1,20}:[A-Za-z0-9_-]{20,100}$/;

/** Reads settings; what else they hold is left out. Throws ChannelError `input.invalid` naming `token` or `groups`. */
export function telegramSettings(settings: unknown): TelegramSettings {
  const given: Record<string, unknown> = typeof settings === 'object' && settings !== null ? { ...settings } : {};
  const token = typeof given.token === 'string' ? given.token.trim() : '';
  if (!tokenShape.test(token)) throw new ChannelError('refused', 'input.invalid', 'token');
  if ((given.groups ?? 'ignore') !== 'ignore') throw new ChannelError('refused', 'input.invalid', 'groups');
  const username = typeof given.username === 'string' && usernameShape.test(given.username) ? given.username : null;
  return { token, groups: 'ignore', ...(username === null ? {} : { username, link: linkTo(username) }) };
}

/** The deep link to a bot. */
export function linkTo(username: string): string {
  return `https://t.me/${username}`;
}

/**
 * The bot of these settings, at its usual place or where `endpoints` has it. Throws ChannelError as `telegramSettings`
 * does, and `telegram.endpoint` for an address that is none, or that is plain http without `insecure`.
 */
export function botOf(settings: unknown, endpoints: Endpoints): Bot {
  const { token } = telegramSettings(settings);
  const given = endpoints.telegram ?? usualRoot;
  const { protocol } = URL.canParse(given) ? new URL(given) : { protocol: '' };
  if (protocol !== 'https:' && !(protocol === 'http:' && endpoints.insecure)) {
    throw new ChannelError('refused', 'telegram.endpoint');
  }
  return { token, root: given.replace(/\/+$/, '') };
}
