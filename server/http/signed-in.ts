import type { FastifyRequest } from 'fastify';
import type { SignedIn } from '../desk/front/front.ts';
import { DeskError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: SignedIn | null;
  }
  interface FastifyContextConfig {
    /** Who may use the route: an action of the rule book, `signed-in` or `public`. A route without one does not start. */
    rule?: string;
    /** Takes multipart/form-data instead of JSON. */
    files?: boolean;
  }
}

/** The signed-in agent of a route that is not public. */
export function signedInOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw new DeskError('session.required');
  return request.signedIn;
}
