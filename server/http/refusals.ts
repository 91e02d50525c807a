import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Code, Refusal } from '#shared/errors.ts';
import { errors as english } from '#shared/text/en/errors.ts';
import { errors as portuguese } from '#shared/text/pt-BR/errors.ts';
import { say, type Values } from '#shared/text/say.ts';
import { DeskError, statusOf } from '../errors.ts';

/** Fastify's own faults, as codes of ours. */
const codeOf: Record<string, Code> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'input.too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'input.broken-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'input.broken-json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'input.not-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'input.invalid',
  FST_ERR_BAD_URL: 'route.not-found',
  FST_ERR_NOT_FOUND: 'route.not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'route.not-found',
};

/** Answers a fault: a refusal with its code and sentence, else 503 when the database is away, else 500 and a log line. */
export async function sendRefusal(
  { isAway }: { isAway(error: unknown): boolean },
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const refused = asDeskError(error, isAway);
  const status = statusOf(refused.code);
  if (status >= 500) request.log.error({ err: error, route: request.routeOptions?.url ?? null }, 'request fails');
  if (status === 503) reply.header('retry-after', '2');
  if (status === 429) reply.header('retry-after', String(refused.about.seconds ?? 10));
  return await reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error: bodyOf(refused, request) });
}

function asDeskError(error: unknown, isAway: (error: unknown) => boolean): DeskError {
  if (error instanceof DeskError) return error;
  if (isAway(error)) return new DeskError('service.unavailable');
  const { code, statusCode, name } = error as { code?: string; statusCode?: number; name?: string };
  const known = codeOf[code ?? ''];
  if (known !== undefined) return new DeskError(known);
  if (statusCode === 429) return new DeskError('rate.limited', { seconds: 10 });
  // A forbidden `__proto__` or a broken escape is a SyntaxError of the JSON parser; other 400s are shapes.
  if (statusCode === 400) return new DeskError(name === 'SyntaxError' ? 'input.broken-json' : 'input.invalid');
  return new DeskError('internal');
}

function bodyOf({ code, about, fields }: DeskError, request: FastifyRequest): Refusal {
  const words = wantsEnglish(request) ? english : portuguese;
  const values = { ...about, fields: Object.keys(fields ?? {}).join(', ') } as Values;
  return {
    code,
    message: say(words[code], values),
    ...(fields === null ? {} : { fields }),
    ...(Object.keys(about).length === 0 ? {} : { about }),
  };
}

/** The company's language once somebody is signed in, else the browser's. */
function wantsEnglish(request: FastifyRequest): boolean {
  const signedIn = request.signedIn;
  if (signedIn != null) return signedIn.company.language === 'en';
  return /^\s*en\b/i.test(request.headers['accept-language'] ?? '');
}
