import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import type { InviteView, Me, SetupState } from '#shared/api.ts';
import type { SignedIn } from '../desk/front/front.ts';
import { acceptInvite, readInvite } from '../desk/front/invites.ts';
import { setUp, setupInput } from '../desk/front/setup.ts';
import { begin, signIn, signOut } from '../desk/front/sign-in.ts';
import * as input from '../desk/input.ts';
import * as views from '../desk/views.ts';
import { DeskError } from '../errors.ts';
import { cookieName } from '../origin.ts';
import { pacer } from '../pace.ts';
import { described, jsonOf } from './describe.ts';
import type { HttpMeans } from './means.ts';
import { signedInOf } from './signed-in.ts';

const me = z.object({ agent: views.agent, company: views.company });
const credentials = z.strictObject({ email: z.string(), password: z.string() });
const leaving = z.strictObject({ everywhere: z.exactOptional(z.boolean()) });
const isPublic = { rule: 'public' };

/** Setup, sign-in, sign-out, invites, health: what stands before a company is known. */
export function frontDoor(app: FastifyInstance, means: HttpMeans): void {
  const { front } = means;
  const mayTryAccount = pacer(means.paces.signInAccount, 60_000);
  const mayTryAddress = pacer(means.paces.signInAddress, 60_000);

  app.get(
    '/setup',
    { config: isPublic, schema: { summary: 'setup.read' } },
    async (): Promise<SetupState> => ({
      open: (await front.directory.companies()).length === 0,
    }),
  );

  app.post('/setup', { config: isPublic, schema: doc('setup.do', setupInput, 201) }, async (request, reply) => {
    const { company, agent, input: wanted } = await setUp(front, request.body);
    const { token, signedIn } = await begin(front, company.id, agent);
    await means.welcome(signedIn, wanted.template, wanted.sampleData);
    return await enter(means, reply.code(201), token, signedIn);
  });

  app.post('/login', { config: isPublic, schema: doc('session.begin', credentials, 200) }, async (request, reply) => {
    const { email } = (request.body ?? {}) as { email?: unknown };
    if (!mayTryAddress(request.ip) || !mayTryAccount(`${request.ip} ${String(email).toLowerCase()}`)) {
      throw new DeskError('rate.limited', { seconds: 60 });
    }
    const { token, signedIn } = await signIn(front, request.body);
    return await enter(means, reply, token, signedIn);
  });

  app.post(
    '/logout',
    { config: isPublic, schema: { summary: 'session.end', body: jsonOf(leaving, 'input') } },
    async (request, reply) => {
      const { everywhere } = input.parsed(leaving, request.body ?? {});
      if (request.signedIn !== null) await signOut(front, request.signedIn, everywhere === true);
      reply.clearCookie(cookieName(means.publicUrl), cookieOptions(means));
      return { ok: true };
    },
  );

  app.get(
    '/me',
    {
      config: { rule: 'signed-in' },
      schema: { summary: 'session.me', response: described(200, jsonOf(me, 'output')) },
    },
    async (request) => meOf(signedInOf(request)),
  );

  const invite = (request: FastifyRequest): string => (request.params as { token: string }).token;
  app.get(
    '/invites/:token',
    { config: isPublic, schema: { summary: 'invite.read' } },
    (request): Promise<InviteView> => readInvite(front, invite(request)),
  );
  app.post(
    '/invites/:token',
    { config: isPublic, schema: doc('invite.accept', z.strictObject({ password: input.password }), 200) },
    async (request, reply) => {
      if (!mayTryAddress(request.ip)) throw new DeskError('rate.limited', { seconds: 60 });
      const { token, signedIn } = await acceptInvite(front, invite(request), request.body);
      return await enter(means, reply, token, signedIn);
    },
  );

  app.get('/health', { config: isPublic, schema: { summary: 'health' } }, async (_request, reply) => {
    if (await means.healthy()) return { ok: true };
    return await reply.code(503).header('retry-after', '2').send({ ok: false });
  });

  webchatDoor(app, means);
}

/** What a visitor's widget reads before it connects. */
function webchatDoor(app: FastifyInstance, { front, deskOf }: HttpMeans): void {
  app.get('/webchat/:publicId', { config: isPublic, schema: { summary: 'webchat.read' } }, async (request) => {
    const { publicId } = request.params as { publicId: string };
    const found = await front.directory.webchat(publicId);
    if (found === null) throw new DeskError('visitor.refused');
    const desk = await deskOf(found.companyId);
    const channel = await desk.store.channels.byId(found.channelId);
    const { title, greeting } = channel?.settings ?? {};
    return { title, greeting, language: desk.company.language, company: desk.company.name };
  });
}

function doc(summary: string, body: z.ZodMiniType, first: 200 | 201) {
  return { summary, body: jsonOf(body, 'input'), response: described(first, jsonOf(me, 'output')) };
}

const meOf = ({ agent, company }: SignedIn): Me => me.parse({ agent, company });

async function enter(means: HttpMeans, reply: FastifyReply, token: string, signedIn: SignedIn): Promise<FastifyReply> {
  reply.setCookie(cookieName(means.publicUrl), token, cookieOptions(means));
  return await reply.send(meOf(signedIn));
}

function cookieOptions({ publicUrl }: HttpMeans) {
  const secure = publicUrl?.startsWith('https:') === true;
  return { path: '/', httpOnly: true, sameSite: 'lax' as const, secure };
}
