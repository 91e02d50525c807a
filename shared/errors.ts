/** Every code that the desk refuses with. Each has a sentence in both dictionaries (`text/<language>/errors.ts`). */
export const codes = [
  'act.client-id-reused',
  'agent.email-taken',
  'agent.inactive',
  'agent.last-admin',
  'agent.not-found',
  'agent.not-in-department',
  'channel.cannot',
  'channel.in-use',
  'channel.inactive',
  'channel.not-found',
  'channel.trouble',
  'conclusion.inactive',
  'conclusion.not-found',
  'contact.not-found',
  'contact.not-joined',
  'dead-letter.not-found',
  'department.does-not-attend',
  'department.inactive',
  'department.name-taken',
  'department.not-found',
  'department.same',
  'forbidden',
  'forwarding.answered',
  'forwarding.has-open-child',
  'forwarding.not-found',
  'forwarding.too-deep',
  'input.broken-json',
  'input.invalid',
  'input.not-json',
  'input.too-large',
  'internal',
  'invite.invalid',
  'login.refused',
  'media.empty',
  'media.not-found',
  'media.too-big',
  'message.empty',
  'message.moved-on',
  'message.not-found',
  'message.not-missing',
  'origin.refused',
  'rate.limited',
  'route.not-found',
  'service.unavailable',
  'session.required',
  'setup.code-wrong',
  'setup.done',
  'setup.required',
  'text.control-character',
  'ticket.closed',
  'ticket.has-open-forwardings',
  'ticket.not-found',
  'ticket.of-colleague',
  'ticket.taken',
  'visitor.refused',
] as const;

export type Code = (typeof codes)[number];

/** What a refused request answers. `fields`: per field, why; `about`: what the sentence speaks of (names, ids, blockers). */
export interface Refusal {
  code: Code;
  message: string;
  fields?: Record<string, string>;
  about?: Record<string, unknown>;
}
