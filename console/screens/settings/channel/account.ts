import type { ChannelView } from '#shared/channel.ts';

/** The account as people know it; a bot's number says nothing, its name does. */
export function accountOf({ kind, account, config }: ChannelView): string | null {
  if (kind === 'telegram') return typeof config?.username === 'string' ? `@${config.username}` : null;
  return account;
}
