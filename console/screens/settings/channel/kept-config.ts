import type { ChannelView } from '#shared/channel.ts';
import type { Check } from './checks.tsx';
import { type MailValues, mailConfig, valuesOfMail } from './mail-form.ts';
import { tryOut } from './try-out.ts';

/** Settings of a bot or a mailbox when they were changed; null leaves what is kept. */
export function changedConfig(
  item: ChannelView,
  values: MailValues & { token: string },
): Record<string, unknown> | null {
  if (item.simulated) return null;
  if (item.kind === 'telegram') return values.token.trim() === '' ? null : { token: values.token.trim() };
  if (item.kind !== 'email') return null;
  const config = mailConfig(values);
  return JSON.stringify(config) === JSON.stringify(kept(item)) ? null : config;
}

/** The changed settings, tried first where the network has a say in them, with what the try found out. */
export async function provenConfig(
  item: ChannelView,
  values: MailValues & { token: string },
  tell: (checks: readonly Check[]) => void,
): Promise<Record<string, unknown> | null> {
  const config = changedConfig(item, values);
  if (config === null) return null;
  // Who the mails are from by name is nothing that a server could refuse.
  if (item.kind === 'email' && JSON.stringify({ ...config, name: '' }) === JSON.stringify({ ...kept(item), name: '' }))
    return config;
  const { settings } = await tryOut({ kind: item.kind, config, channelId: item.id }, tell);
  return { ...config, ...settings };
}

function kept({ config }: ChannelView): Record<string, unknown> {
  return mailConfig(valuesOfMail(config));
}
