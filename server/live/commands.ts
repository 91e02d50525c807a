import type { Answer, ToServer } from '#shared/live.ts';
import { confirm } from '../desk/delivery/confirm.ts';
import { discard } from '../desk/delivery/discard.ts';
import { resend } from '../desk/delivery/resend.ts';
import { answer } from '../desk/forwardings/answer.ts';
import { forward } from '../desk/forwardings/forward.ts';
import { react } from '../desk/messages/react.ts';
import { addNote } from '../desk/notes/add.ts';
import { close } from '../desk/tickets/close.ts';
import { markRead } from '../desk/tickets/mark-read.ts';
import { reassign } from '../desk/tickets/reassign.ts';
import { reply } from '../desk/tickets/reply.ts';
import { take } from '../desk/tickets/take.ts';
import { watch } from '../desk/tickets/watch.ts';
import type { Verb } from '../desk/verb.ts';

type InputOf<K extends keyof ToServer> = Omit<Parameters<ToServer[K]>[0], 'clientId'>;
type ValueOf<K extends keyof ToServer> = Parameters<ToServer[K]>[1] extends (answer: Answer<infer Value>) => void
  ? Value
  : never;

/** Every socket event of the console and its verb; one without, or with another shape, does not compile. */
export const commands = {
  'ticket:watch': watch,
  'ticket:read': markRead,
  'ticket:take': take,
  'ticket:reassign': reassign,
  'ticket:close': close,
  'message:send': reply,
  'message:resend': resend,
  'message:confirm': confirm,
  'message:discard': discard,
  'message:react': react,
  'note:add': addNote,
  'forwarding:add': forward,
  'forwarding:answer': answer,
} satisfies { [K in keyof ToServer]: Fits<K> };

/** A verb that takes what the event carries and gives what it promises. */
type Fits<K extends keyof ToServer> = Verb<Present<InputOf<K>>, ValueOf<K>>;

/** JSON has no `undefined`: an optional key is absent. */
type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
