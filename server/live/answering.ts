import { ChannelError } from '#channels/channel.ts';
import { Refused } from '#channels/sockets.ts';
import type { Answer } from '#shared/live.ts';
import { DeskError } from '../errors.ts';

/** What went wrong, as a socket is answered. Anything that is not a refusal goes to `fault` and is `internal`. */
export function refusal(error: unknown, fault: (error: unknown) => void): Answer<never> {
  if (error instanceof DeskError) {
    const fields = error.fields === null ? {} : { fields: error.fields };
    return { ok: false, code: error.code, ...fields, about: error.about };
  }
  if (error instanceof Refused) return { ok: false, code: error.code };
  if (!(error instanceof ChannelError)) fault(error);
  return { ok: false, code: 'internal' };
}
