import type { DeliveryReport, MailFile } from './mail.ts';

const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

/**
 * What a delivery report says (RFC 3464), from the parts of a multipart/report; null when there is none or it does not
 * name the mail that it is about. Of several recipients the worst is told.
 */
export function reportOf(files: readonly MailFile[], inReplyTo: string | null): DeliveryReport | null {
  const fields = files
    .filter(({ mime }) => mime === 'message/delivery-status')
    .map(text)
    .join('\n');
  const named = actions.filter((action) => new RegExp(`^action[ \\t]*:[ \\t]*${action}\\b`, 'im').test(fields));
  const action = named[0];
  const messageId = returnedId(files) ?? inReplyTo;
  if (action === undefined || messageId === null) return null;
  const codes = [...fields.matchAll(/^status[ \t]*:[ \t]*([245]\.\d{1,3}\.\d{1,3})/gim)].map((match) => match[1] ?? '');
  return { messageId, action, status: codes.sort().at(-1) ?? '' };
}

/** Message-ID of the mail that is sent back with the report, whole or as headers. */
function returnedId(files: readonly MailFile[]): string | null {
  const returned = files.find(({ mime }) => /^(message\/rfc822|message\/global|text\/rfc822-headers)/.test(mime));
  if (returned === undefined) return null;
  const head = text(returned).split(/\r?\n\r?\n/, 1)[0] ?? '';
  return /^message-id[ \t]*:\s*<([^<>\s]{1,998})>/im.exec(head)?.[1] ?? null;
}

function text({ bytes }: MailFile): string {
  return Buffer.from(bytes.subarray(0, 256 * 1024)).toString('latin1');
}

/** Whether an id has the shape of those that the desk gives to its mails; whether it is one, only the desk can verify. */
export function isDeskId(messageId: string): boolean {
  return /^t\.[0-9a-z]{1,40}\.[0-9a-z]{1,40}\.[0-9a-z_-]{6,64}@[^\s@<>]{1,190}$/i.test(messageId);
}
