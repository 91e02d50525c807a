import type { Code } from '#shared/errors.ts';

/** What a person can mend: refused with a code of the dictionary; nothing has changed. */
export class DeskError extends Error {
  readonly code: Code;
  readonly about: Record<string, unknown>;
  /** Per field of the input, why it was refused. */
  readonly fields: Record<string, string> | null;
  constructor(code: Code, about: Record<string, unknown> = {}, fields: Record<string, string> | null = null) {
    super(code);
    this.code = code;
    this.about = about;
    this.fields = fields;
  }
}

/** Two writers met under a unique index; `index` is its name. Thrown by the store, outside the transaction that it ended. */
export class Duplicate extends Error {
  readonly index: string;
  constructor(index: string) {
    super(`duplicate key in ${index}`);
    this.index = index;
  }
}

/** Another process runs the channel now: this one sends and writes nothing more for it. */
export class LeaseLost extends Error {}

/** The ticket was written by somebody else since it was read: the whole act runs again. */
export class Overtaken extends Error {}

const statuses: Partial<Record<Code, number>> = {
  forbidden: 403,
  internal: 500,
  'input.broken-json': 400,
  'input.invalid': 400,
  'input.not-json': 415,
  'input.too-large': 413,
  'invite.invalid': 404,
  'login.refused': 401,
  'origin.refused': 403,
  'rate.limited': 429,
  'route.not-found': 404,
  'service.unavailable': 503,
  'session.required': 401,
  'setup.code-wrong': 403,
  'text.control-character': 400,
  'visitor.refused': 404,
};

/** The HTTP status of a refusal: 400 shape, 401, 403, 404 (also out of sight), 413, 415, 429, 503; a rule or state is 409. */
export function statusOf(code: Code): number {
  return statuses[code] ?? (code.endsWith('.not-found') ? 404 : 409);
}
