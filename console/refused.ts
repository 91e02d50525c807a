import type { Code } from '#shared/errors.ts';

/** What the server refuses with: a code of the dictionary, and perhaps which fields and what it is about. */
export interface RefusalParts {
  code: Code;
  fields?: Record<string, string>;
  about?: Record<string, unknown>;
}

/** The server said no. Nothing has changed there. */
export class Refused extends Error {
  readonly code: Code;
  readonly fields: Record<string, string>;
  readonly about: Record<string, unknown>;
  constructor({ code, fields = {}, about = {} }: RefusalParts) {
    super(code);
    this.code = code;
    this.fields = fields;
    this.about = about;
  }
}

/** Nobody answered in time or the network is gone: the act may or may not have happened. */
export class Unanswered extends Error {}
