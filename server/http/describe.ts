import type { FastifySchema } from 'fastify';
import * as z from 'zod/mini';
import type { Route } from './routes.ts';

type Json = Record<string, unknown>;

/** OpenAPI's frame; paths come from the routes' schemas. */
export const openApi = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Balcão',
      version: '1',
      description:
        'Cookie session, JSON bodies. Refusals are `{ "error": { "code", "message", "fields"?, "about"? } }`.',
    },
    components: { securitySchemes: { session: { type: 'apiKey' as const, in: 'cookie' as const, name: 'balcao' } } },
    security: [{ session: [] }],
  },
};

const refusal: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        fields: { type: 'object', additionalProperties: { type: 'string' } },
        about: { type: 'object', additionalProperties: true },
      },
    },
  },
};

/** A zod schema as JSON schema; transforms are described by what goes in. */
export function jsonOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json as Json;
}

/** What a route takes and gives, for OpenAPI; the verb's own schemas do the checking. */
export function schemaOf({ method, path, verb, first }: Route): FastifySchema {
  const params = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const whole = jsonOf(verb.input as z.ZodMiniType, 'input');
  const rest = without(whole, params);
  const given = verb.kind === 'act' ? withClientId(rest, verb.clientId === 'required') : rest;
  const value = jsonOf(verb.output as z.ZodMiniType, 'output');
  return {
    summary: verb.name,
    ...(params.length === 0 ? {} : { params: paramsOf(params) }),
    ...(method === 'GET' ? { querystring: given } : { body: given }),
    response: described(first, value),
  } as FastifySchema;
}

/** The answers of a route: its own and the refusals. */
export function described(first: number, value: Json): Json {
  const own = { description: 'Done', ...value };
  const repeated = first === 201 ? { 200: { description: 'Done before, by the same clientId', ...value } } : {};
  return { [first]: own, ...repeated, '4xx': { description: 'Refused', ...refusal } };
}

function paramsOf(names: string[]): Json {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return { type: 'object', required: names, properties };
}

function without(schema: Json, names: string[]): Json {
  const properties = Object.fromEntries(
    Object.entries((schema.properties ?? {}) as Json).filter(([name]) => !names.includes(name)),
  );
  const required = ((schema.required ?? []) as string[]).filter((name) => !names.includes(name));
  return { ...schema, properties, required };
}

function withClientId(schema: Json, required: boolean): Json {
  const clientId = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Makes the act happen once' };
  const names = (schema.required ?? []) as string[];
  return {
    ...schema,
    properties: { ...(schema.properties as Json), clientId },
    required: required ? [...names, 'clientId'] : names,
  };
}
