import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import { channelKinds } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { can } from '../desk/access.ts';
import { callerOf } from '../desk/desk.ts';
import * as input from '../desk/input.ts';
import { ownFiles } from '../desk/media/own-files.ts';
import * as views from '../desk/views.ts';
import { DeskError } from '../errors.ts';
import { described, jsonOf } from './describe.ts';
import type { HttpMeans } from './means.ts';
import { signedInOf } from './signed-in.ts';

const address = z.string().check(z.minLength(1, 'required'), z.maxLength(200, 'too-long'), z.trim());
const written = z.strictObject({
  as: z.enum(channelKinds),
  from: address,
  name: input.name,
  text: z._default(z.string().check(z.maxLength(16_000, 'too-long')), ''),
  attachmentIds: z._default(z.array(input.id).check(z.maxLength(limits.filesMost, 'too-long')), []),
  replyTo: z.exactOptional(z.string().check(z.maxLength(200, 'too-long'))),
  key: z.exactOptional(z.string().check(z.minLength(1, 'required'), z.maxLength(200, 'too-long'))),
});
const asked = z.strictObject({ to: address });
const received = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      as: z.enum(channelKinds),
      at: z.string(),
      text: z.string(),
      attachments: z.array(views.attachment),
      replyTo: z.nullable(z.string()),
      editedAt: z.nullable(z.string()),
      removed: z.boolean(),
    }),
  ),
});
const taken = z.object({ result: z.enum(['stored', 'known']) });

/** The simulator: writes as a pretended customer, and shows what that customer got. */
export function simulatorRoutes(app: FastifyInstance, { simulator, paces, deskOf }: HttpMeans): void {
  const config = { rule: 'simulator.use' };
  const pace = app.rateLimit({ max: paces.simulator, timeWindow: 60_000 });

  app.post(
    '/simulator/messages',
    {
      config,
      preHandler: pace,
      schema: {
        summary: 'simulator.write',
        body: jsonOf(written, 'input'),
        response: described(201, jsonOf(taken, 'output')),
      },
    },
    async (request, reply) => {
      const { agent, company } = signedInOf(request);
      if (!can(callerOf(agent), 'simulator.use')) throw new DeskError('forbidden');
      const { attachmentIds, ...message } = input.parsed(written, request.body ?? {});
      const by = callerOf(agent);
      const desk = await deskOf(company.id);
      if (message.text.trim() === '' && attachmentIds.length === 0) throw new DeskError('message.empty');
      const attachments = await ownFiles(desk.store, by, null, attachmentIds);
      const result = await simulator.write(company.id, { ...message, attachments });
      return await reply.code(result === 'stored' ? 201 : 200).send({ result });
    },
  );

  app.get(
    '/simulator/outbox',
    {
      config,
      schema: {
        summary: 'simulator.received',
        querystring: jsonOf(asked, 'input'),
        response: described(200, jsonOf(received, 'output')),
      },
    },
    async (request) => {
      const { agent, company } = signedInOf(request);
      if (!can(callerOf(agent), 'simulator.use')) throw new DeskError('forbidden');
      return { items: await simulator.received(company.id, input.parsed(asked, request.query).to) };
    },
  );
}
