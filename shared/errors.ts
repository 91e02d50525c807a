/** Every code that the desk refuses with. Each has a sentence in both dictionaries (`text/<language>/errors.ts`). */
export const codes = [
  'act.client-id-reused',
  'agent.email-taken',
  'agent.inactive',
  'agent.last-admin',
  'agent.not-in-department',
  'agent.not-found',
  'channel.inactive',
  'channel.not-found',
  'conclusion.inactive',
  'conclusion.not-found',
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
