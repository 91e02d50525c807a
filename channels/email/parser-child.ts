import type { ParseAnswer, ParseRequest } from './mail.ts';
import { TooComplex } from './outline.ts';
import { readMail } from './read-mail.ts';

/** A process of its own in which strangers' mails are taken apart: killed when it takes too long or too much. */
async function answerTo(request: ParseRequest): Promise<ParseAnswer> {
  try {
    return { ok: true, mail: await readMail(request) };
  } catch (error) {
    return { ok: false, reason: error instanceof TooComplex ? error.message : 'mail.unreadable' };
  }
}

process.on('message', (request: ParseRequest) => {
  answerTo(request).then(
    (answer) => process.send?.(answer),
    () => process.exit(1),
  );
});
// Ctrl-C reaches this process too; its parent still finishes the mail that it works on.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Without its parent there is nothing to do.
process.on('disconnect', () => process.exit(0));
