import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { unattended } from '#shared/unattended.ts';
import { DeskError } from '../errors.ts';
import { api } from './api.ts';
import type { HttpMeans } from './means.ts';
import { pages } from './pages.ts';
import { sendRefusal } from './refusals.ts';

const bodyMost = 256 * 1024;

/** Builds the HTTP side: refusals in one shape, JSON only, limits, the API, the pages. Not listening yet. */
export async function createHttp(means: HttpMeans): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: means.logger,
    // Requests are not logged: a URL may name people, and a desk has its history.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyMost,
    trustProxy: means.trustProxy.length > 0 ? means.trustProxy : false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => unattended(sendRefusal(means, error, request, reply), 'refusal'),
  });
  jsonOnly(app);
  app.setErrorHandler((error, request, reply) => sendRefusal(means, error, request, reply));
  app.addHook('onSend', async (_request, reply, payload) => {
    secureHeaders(reply, means.publicUrl);
    return payload;
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(api, { prefix: '/api', ...means });
  await pages(app, means);
  return app;
}

/** Only JSON, and no other parser is left: a body of another type never reaches a route. An empty body is `{}`. */
function jsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, {});
      return;
    }
    // Typed as possibly a promise; with a callback it answers through that alone.
    const parsing = parse(request, String(body), done);
    if (parsing instanceof Promise) unattended(parsing, 'parse body');
  });
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const type = request.headers['content-type'];
    const files = request.routeOptions.config?.files === true && /^multipart\/form-data;/i.test(type ?? '');
    if (files || type === undefined || /^application\/json(; ?charset=utf-8)?$/i.test(type)) return;
    throw new DeskError('input.not-json');
  });
}

/** On every answer, whatever it is; a route may have set a stricter or wider policy of its own. */
function secureHeaders(reply: FastifyReply, publicUrl: string | null): void {
  const policy =
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'";
  if (!reply.hasHeader('content-security-policy')) {
    reply.header('content-security-policy', `${policy}; frame-ancestors 'none'`);
  }
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
  if (publicUrl?.startsWith('https:') === true) {
    reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
  }
}
