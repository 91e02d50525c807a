import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { DeskError } from '../errors.ts';
import type { HttpMeans } from './means.ts';
import { sendRefusal } from './refusals.ts';
import { testPage } from './test-page.ts';

const year = 365 * 24 * 60 * 60 * 1_000;

/** The console, the widget and the test page of the web chat. Files whose name holds a hash are kept for a year. */
export async function pages(app: FastifyInstance, means: HttpMeans): Promise<void> {
  const console_ = join(means.dist, 'console');
  const widget = join(means.dist, 'widget');
  if (!existsSync(join(console_, 'index.html'))) throw new Error('the console is not built: run npm run build');
  const serve = {
    serve: true,
    index: false as const,
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    preCompressed: true,
  };
  const hashed = (reply: FastifyReply, path: string): void => {
    reply.header(
      'cache-control',
      path.includes('/assets/') ? `public, max-age=${year / 1_000}, immutable` : 'no-cache',
    );
  };
  await app.register(fastifyStatic, { ...serve, root: console_, prefix: '/', setHeaders: hashed });
  await app.register(fastifyStatic, { ...serve, root: join(widget, 'app'), prefix: '/widget/', setHeaders: hashed });

  const page = await readFile(join(console_, 'index.html'), 'utf8');
  const sendConsole = (reply: FastifyReply): FastifyReply => html(reply).header('cache-control', 'no-cache').send(page);
  app.get('/', (_request, reply) => sendConsole(reply));
  for (const path of ['/instalar', '/entrar', '/convite/*', '/atendimentos/*', '/configuracoes', '/configuracoes/*']) {
    app.get(path, (_request, reply) => sendConsole(reply));
  }
  await chat(app, means, widget);
  app.setNotFoundHandler((request, reply) => {
    // A person who mistyped gets the console's own page; a program gets the refusal.
    const person = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (!person || request.url.startsWith('/api/'))
      return sendRefusal(means, new DeskError('route.not-found'), request, reply);
    return sendConsole(reply.code(404));
  });
}

const html = (reply: FastifyReply): FastifyReply => reply.type('text/html; charset=utf-8');

/** The loader may be used by any site; the chat's own page only inside the sites that its channel allows. */
async function chat(app: FastifyInstance, { front, deskOf }: HttpMeans, widget: string): Promise<void> {
  const loader = await readFile(join(widget, 'widget.js'), 'utf8');
  const page = await readFile(join(widget, 'app/index.html'), 'utf8');
  const policyOf = (ancestors: string): string =>
    `default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors ${ancestors}`;

  app.get('/widget.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(loader),
  );
  app.get('/chat/:publicId', async (request, reply) => {
    const { publicId } = request.params as { publicId: string };
    const found = await front.directory.webchat(publicId);
    if (found === null) throw new DeskError('visitor.refused');
    const channel = await (await deskOf(found.companyId)).store.channels.byId(found.channelId);
    const { origins } = (channel?.settings ?? {}) as { origins?: string[] };
    const ancestors = origins === undefined || origins.length === 0 ? '*' : ["'self'", ...origins].join(' ');
    return await html(reply)
      .header('cache-control', 'no-store')
      .header('content-security-policy', policyOf(ancestors))
      .send(page);
  });
  app.get('/teste-do-chat', async (request, reply) => {
    const { canal } = request.query as { canal?: unknown };
    return await html(reply)
      .header('cache-control', 'no-store')
      .send(testPage(typeof canal === 'string' ? canal : ''));
  });
}
