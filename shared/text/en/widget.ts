import type { launcher as launcherSource, widget as source } from '../pt-BR/widget.ts';

export const launcher: typeof launcherSource = {
  open: 'Open the chat',
  close: 'Close the chat',
  unread: 'Open the chat, new messages: {n}',
};

export const widget: typeof source = {
  close: 'Close',
  log: 'Messages',
  name: 'Your name (optional)',
  placeholder: 'Write your message',
  send: 'Send',
  you: 'You',
  connecting: 'Connecting…',
  offline: 'No connection. Your messages will be sent as soon as it is back.',
  waiting: 'Many messages in a row. The next ones leave in a moment.',
  sending: 'sending',
  queued: 'queued',
  sent: 'sent',
  failed: 'not sent',
  retry: 'Try again',
  discard: 'Discard',
  today: 'Today',
  unavailable: 'The chat is not available right now.',
  reload: 'Try again',
};
