import { type Arrived, eventsOf, type Intake } from './inbound.ts';
import { mailKey } from './key.ts';
import { backoff, pause, type Timing } from './timing.ts';

/** After how many tries a mail that we cannot map is given to the dead letters. */
const mapTries = 5;

/**
 * Hands a mail to the desk; resolves when all of it is durably dealt with. A desk that does not answer is asked again
 * until `leaving` aborts: only then it rejects, and the mail must come again.
 */
export async function deliver(intake: Intake, arrived: Arrived, timing: Timing, leaving: AbortSignal): Promise<void> {
  const { host } = intake;
  for (let tries = 1; ; tries += 1) {
    try {
      for (const event of await mapped(intake, arrived, tries)) await host.receive(event);
      return;
    } catch (error) {
      if (host.signal.aborted || leaving.aborted) throw error;
      host.log('a mail could not be handed over yet', {
        tries,
        error: error instanceof Error ? error.name : 'unknown',
      });
      await pause(backoff(timing, tries - 1), leaving);
    }
  }
}

async function mapped(intake: Intake, arrived: Arrived, tries: number) {
  if (tries <= mapTries) return await eventsOf(intake, arrived);
  const { raw, at } = arrived;
  const when = at ?? new Date().toISOString();
  return [{ type: 'unreadable' as const, key: mailKey(raw), at: when, reason: 'mail.unreadable', raw }];
}
