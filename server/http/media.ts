import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '#shared/limits.ts';
import type { Attachment } from '#shared/message.ts';
import { can } from '../desk/access.ts';
import { callerOf } from '../desk/desk.ts';
import { seeMedia } from '../desk/media/see.ts';
import { perform } from '../desk/perform.ts';
import * as views from '../desk/views.ts';
import { DeskError } from '../errors.ts';
import { isShown } from '../media/file-type.ts';
import { mailPage } from '../media/mail-page.ts';
import { FileRefused } from '../media/media.ts';
import { described, jsonOf } from './describe.ts';
import type { HttpMeans } from './means.ts';
import { signedInOf } from './signed-in.ts';

/** Files: uploaded for a reply, read by who may see their ticket. */
export async function mediaRoutes(app: FastifyInstance, means: HttpMeans): Promise<void> {
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: limits.fileBytes, files: 1, fields: 4, parts: 5, headerPairs: 50 },
  });
  const pace = app.rateLimit({ max: means.paces.uploads, timeWindow: 60_000 });
  const schema = {
    summary: 'media.upload',
    description: 'multipart/form-data with one `file`; optionally `kind` (voice, file, ...) and `seconds` before it.',
    consumes: ['multipart/form-data'],
    response: described(201, jsonOf(views.attachment, 'output')),
  };
  app.post('/media', { config: { rule: 'media.upload', files: true }, preHandler: pace, schema }, (request, reply) =>
    upload(means, request, reply),
  );
  for (const what of ['whole', 'thumbnail', 'mail'] as const) {
    app.get<{ Params: { mediaId: string } }>(
      `/media/:mediaId${what === 'whole' ? '' : `/${what}`}`,
      { config: { rule: 'media.see' }, schema: { summary: `media.${what}` } },
      (request, reply) => serve(means, request, reply, what),
    );
  }
}

async function deskAndCaller(means: HttpMeans, request: FastifyRequest) {
  const { agent, company } = signedInOf(request);
  return { desk: await means.deskOf(company.id), by: callerOf(agent), agentId: agent.id };
}

const fileKinds = new Set(['image', 'audio', 'voice', 'video', 'file']);

async function upload(means: HttpMeans, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { desk, by, agentId } = await deskAndCaller(means, request);
  if (!can(by, 'media.upload')) throw new DeskError('forbidden');
  if (!request.isMultipart()) throw new DeskError('input.invalid', {}, { file: 'required' });
  const part = await request.file();
  if (part === undefined) throw new DeskError('input.invalid', {}, { file: 'required' });
  const field = (name: string): string | null => {
    const given = part.fields[name];
    return given !== undefined && !Array.isArray(given) && given.type === 'field' ? String(given.value) : null;
  };
  const kind = field('kind');
  const seconds = Number(field('seconds') ?? '');
  try {
    const saved = await means.media.save(desk, part.file, {
      name: part.filename,
      mime: part.mimetype,
      agentId,
      ...(kind !== null && fileKinds.has(kind) ? { kind: kind as Attachment['kind'] } : {}),
      ...(Number.isFinite(seconds) && seconds > 0 ? { seconds } : {}),
    });
    // The reader stops at the limit by itself: what was kept is then only the beginning.
    if (part.file.truncated) throw new DeskError('media.too-big', { name: part.filename });
    return await reply.code(201).send(saved);
  } catch (error) {
    part.file.resume();
    throw error instanceof FileRefused ? new DeskError(error.code, { name: part.filename }) : error;
  }
}

/** Mail is shown in a frame of the console: no scripts, nothing from elsewhere. */
const mailPolicy =
  "sandbox allow-same-origin allow-popups; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'";
const mailPolicyWithImages = mailPolicy.replace("img-src 'self' data:", "img-src 'self' data: https: http:");
const filePolicy = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

async function serve(
  means: HttpMeans,
  request: FastifyRequest<{ Params: { mediaId: string } }>,
  reply: FastifyReply,
  what: 'whole' | 'thumbnail' | 'mail',
): Promise<FastifyReply> {
  const { desk, by } = await deskAndCaller(means, request);
  const { mediaId } = request.params;
  const { value: about } = await perform(desk, by, seeMedia, { mediaId });
  if (what === 'thumbnail' && !about.thumbnail) throw new DeskError('media.not-found');
  // A file never changes: whoever may see it may keep it.
  reply.header('cache-control', 'private, max-age=86400, immutable');
  reply.header('cross-origin-resource-policy', 'same-origin');
  if (what === 'mail') return await serveMail(means, about, request, reply);
  reply.header('content-security-policy', filePolicy);
  const whole = what === 'whole';
  const mime = whole ? about.mime : 'image/webp';
  const download = (request.query as { download?: string }).download !== undefined || !isShown(mime);
  reply.header('content-type', mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime);
  reply.header('content-disposition', `${download ? 'attachment' : 'inline'}; filename*=UTF-8''${encoded(about.name)}`);
  if (!whole) return await reply.send(streamOf(means, about.id, 'thumbnail'));
  reply.header('accept-ranges', 'bytes');
  const range = rangeOf(request.headers.range, about.bytes);
  if (range === 'none') return await reply.code(416).header('content-range', `bytes */${about.bytes}`).send();
  if (range === null) {
    return await reply.header('content-length', about.bytes).send(streamOf(means, about.id, 'whole'));
  }
  reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${about.bytes}`);
  return await reply
    .header('content-length', range.end - range.start + 1)
    .send(streamOf(means, about.id, 'whole', range));
}

async function serveMail(
  means: HttpMeans,
  about: Attachment & { page: boolean },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!about.page) throw new DeskError('media.not-found');
  const withImages = (request.query as { images?: string }).images === '1';
  const parts: Uint8Array[] = [];
  for await (const part of means.media.read(about.id, 'whole')) parts.push(part);
  const html = mailPage(Buffer.concat(parts).toString('utf8'), withImages);
  reply.header('content-security-policy', withImages ? mailPolicyWithImages : mailPolicy);
  return await reply.header('content-type', 'text/html; charset=utf-8').send(html);
}

function streamOf(
  { media }: HttpMeans,
  id: string,
  what: 'whole' | 'thumbnail',
  range?: { start: number; end: number },
): Readable {
  return Readable.from(media.read(id, what, range));
}

/** RFC 9110 14.2: one range of bytes; anything else is answered whole. `none`: it lies behind the end. */
function rangeOf(header: string | undefined, bytes: number): { start: number; end: number } | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start > end || start >= bytes ? 'none' : { start, end };
}

/** RFC 8187: a name as it may stand in a header. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
