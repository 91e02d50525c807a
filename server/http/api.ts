import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { callerOf } from '../desk/desk.ts';
import { whoIs } from '../desk/front/sign-in.ts';
import { perform } from '../desk/perform.ts';
import { DeskError } from '../errors.ts';
import { cookieName, isOwnOrigin } from '../origin.ts';
import { openApi, schemaOf } from './describe.ts';
import { frontDoor } from './front-door.ts';
import type { HttpMeans } from './means.ts';
import { mediaRoutes } from './media.ts';
import { type Route, routes } from './routes.ts';
import { signedInOf } from './signed-in.ts';
import { simulatorRoutes } from './simulator.ts';

/** Everything under `/api`. Answers are never cached; a state-changing call must come from the desk's own pages. */
export async function api(app: FastifyInstance, means: HttpMeans): Promise<void> {
  app.decorateRequest('signedIn', null);
  app.addHook('onRoute', wantRule);
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && !isOwnOrigin(request.headers, means.publicUrl)) throw new DeskError('origin.refused');
    await signIn(means, request);
  });
  await app.register(swagger, openApi);
  await app.register(
    async (v1) => {
      // The simulator has a pace of its own: a training room or a load test writes as many customers at once.
      const allowList = (request: FastifyRequest): boolean => request.routeOptions.config?.rule === 'simulator.use';
      const pace = { max: means.paces.rest, timeWindow: 60_000, keyGenerator: whose, allowList };
      v1.addHook('preHandler', app.rateLimit(pace));
      frontDoor(v1, means);
      simulatorRoutes(v1, means);
      await mediaRoutes(v1, means);
      for (const route of routes) v1.route(handled(means, route));
    },
    { prefix: '/v1' },
  );
  app.get('/openapi.json', { config: { rule: 'public' }, schema: { hide: true } }, async () => app.swagger());
}

/** The build's own guard: a route that does not say who may use it stops the start, and with it every test. */
export function wantRule(route: RouteOptions): void {
  if (route.method === 'HEAD' || route.config?.rule !== undefined) return;
  throw new Error(`route ${String(route.method)} ${route.url} declares no rule`);
}

const whose = (request: FastifyRequest): string => request.signedIn?.sessionId ?? request.ip;

async function signIn({ front, publicUrl }: HttpMeans, request: FastifyRequest): Promise<void> {
  const token = request.cookies[cookieName(publicUrl)];
  request.signedIn = token === undefined ? null : await whoIs(front, token);
  const isPublic = request.routeOptions.config?.rule === 'public' || request.is404;
  if (!isPublic && request.signedIn === null) throw new DeskError('session.required');
}

/** One route of the table: path and query or body are the verb's input, `clientId` goes beside it. */
function handled(means: HttpMeans, route: Route): RouteOptions {
  const { method, path, verb, first } = route;
  return {
    method,
    url: path,
    config: { rule: verb.action },
    schema: schemaOf(route),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { agent, company } = signedInOf(request);
      const desk = await means.deskOf(company.id);
      const { input, clientId } = inputOf(request, verb.kind === 'act');
      const { value, repeated } = await perform(desk, callerOf(agent), verb as never, input, clientId);
      return await reply.code(repeated ? 200 : first).send(value);
    },
  };
}

/** A body may not name what the path names: it would be two truths. */
function inputOf(request: FastifyRequest, isAct: boolean): { input: unknown; clientId: unknown } {
  const params = request.params as Record<string, string>;
  const given = request.method === 'GET' ? request.query : (request.body ?? {});
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return { input: given, clientId: undefined };
  const fields = given as Record<string, unknown>;
  const twice = Object.keys(params).filter((name) => name in fields);
  if (twice.length > 0)
    throw new DeskError('input.invalid', {}, Object.fromEntries(twice.map((name) => [name, 'unknown'])));
  if (!isAct) return { input: { ...fields, ...params }, clientId: undefined };
  const { clientId, ...rest } = fields;
  return { input: { ...rest, ...params }, clientId };
}
