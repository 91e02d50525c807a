import { describe, expect, it } from 'vitest';
import { wantRule } from '#server/http/api.ts';
import { routes } from '#server/http/routes.ts';
import { newClientId } from '#shared/client-id.ts';
import { story } from '../support/story.ts';

/** Who asks, beside one ticket of Suporte técnico that Lia holds. */
const people = ['nobody', 'outsider', 'colleague', 'assignee', 'supervisor', 'admin'] as const;
type Person = (typeof people)[number];

const everybody: Person[] = ['outsider', 'colleague', 'assignee', 'supervisor', 'admin'];
const whoSees: Person[] = ['colleague', 'assignee', 'supervisor', 'admin'];
const whoLeads: Person[] = ['assignee', 'supervisor', 'admin'];
const onlyAdmin: Person[] = ['admin'];

/** Who may do what: written by hand from the rules of the desk, to hold the code against. */
const allowed: Record<string, Person[]> = {
  'GET /departments': everybody,
  'POST /departments': onlyAdmin,
  'PATCH /departments/:departmentId': onlyAdmin,
  'GET /agents': everybody,
  'POST /agents': onlyAdmin,
  'PATCH /agents/:agentId': onlyAdmin,
  'POST /agents/:agentId/invite': onlyAdmin,
  'GET /channels': everybody,
  'POST /channels': onlyAdmin,
  'GET /channels/:channelId': onlyAdmin,
  'PATCH /channels/:channelId': onlyAdmin,
  'POST /channels/probe': onlyAdmin,
  'POST /channels/guess': onlyAdmin,
  'POST /channels/:channelId/pair': onlyAdmin,
  'POST /channels/:channelId/test': onlyAdmin,
  'POST /channels/:channelId/reconnect': onlyAdmin,
  'POST /channels/:channelId/remove': onlyAdmin,
  'GET /channels/:channelId/dead-letters': onlyAdmin,
  'POST /channels/:channelId/dead-letters/:letterId/reprocess': onlyAdmin,
  'POST /channels/:channelId/dead-letters/:letterId/discard': onlyAdmin,
  'GET /conclusions': everybody,
  'POST /contacts/:contactId/separate': onlyAdmin,
  'GET /tickets': everybody,
  'POST /tickets': whoSees,
  'GET /tickets/counts': everybody,
  'GET /tickets/:ticketId': whoSees,
  'GET /tickets/:ticketId/messages': whoSees,
  'POST /tickets/:ticketId/messages': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/resend': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/confirm': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/discard': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/react': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/fetch': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/edit': whoSees,
  'POST /tickets/:ticketId/messages/:messageId/remove': whoSees,
  'GET /tickets/:ticketId/events': whoSees,
  'POST /tickets/:ticketId/notes': whoSees,
  'POST /tickets/:ticketId/take': whoSees,
  'POST /tickets/:ticketId/read': whoSees,
  'POST /tickets/:ticketId/transfer': whoLeads,
  'POST /tickets/:ticketId/close': whoLeads,
  'POST /tickets/:ticketId/forwardings': whoLeads,
  'POST /tickets/:ticketId/forwardings/:forwardingId/answer': whoSees,
  'GET /forwardings': everybody,
};

describe('who may do what', async () => {
  const desk = await story();
  const { admin, call } = desk;
  const suporte = await desk.department('Suporte técnico');
  const financeiro = await desk.department('Financeiro');
  const conclusionId = await desk.conclusion('Resolvido');
  const hire = (name: string, role: string, departmentId: string) =>
    desk.hire(admin, { name, role, departmentIds: [departmentId] });
  const assignee = await hire('Lia Ramos', 'agent', suporte);
  const clients = {
    outsider: await hire('Olga Lima', 'agent', financeiro),
    colleague: await hire('Caio Melo', 'agent', suporte),
    assignee,
    supervisor: await hire('Sara Dias', 'supervisor', suporte),
    admin,
  };
  const channelId = (await admin.get('/channels')).body.items[0].id;

  /** A fresh ticket of Lia's, with an open forwarding to its own department's neighbour where one is needed. */
  async function ticket(): Promise<string> {
    const body = { contactName: 'Teste', description: 'matriz', departmentId: suporte, agentId: assignee.id };
    return (await admin.post('/tickets', body)).body.id;
  }

  async function bodyOf(key: string): Promise<{ params: Record<string, string>; body: object }> {
    const params = {
      departmentId: suporte,
      agentId: assignee.id,
      channelId,
      ticketId: await ticket(),
      forwardingId: 'f'.repeat(24),
      letterId: 'f'.repeat(24),
      contactId: 'f'.repeat(24),
      messageId: 'f'.repeat(24),
    };
    const bodies: Record<string, object> = {
      'POST /departments': { name: `D ${newClientId()}` },
      'POST /agents': { name: 'Novo', email: `${newClientId()}@x.br`, role: 'agent', departmentIds: [] },
      'POST /channels': { kind: 'webchat', name: 'Site', departmentId: suporte, config: {} },
      'POST /channels/probe': { kind: 'whatsapp', config: {} },
      'POST /channels/guess': { address: 'ana@exemplo.invalid' },
      'POST /channels/:channelId/pair': { method: 'qr' },
      'POST /tickets/:ticketId/messages/:messageId/react': { emoji: null },
      'POST /tickets/:ticketId/messages/:messageId/edit': { text: 'x' },
      'POST /tickets': { contactName: 'A', description: 'b', departmentId: suporte },
      'POST /tickets/:ticketId/messages': { clientId: newClientId(), text: 'oi', participate: true },
      'POST /tickets/:ticketId/notes': { clientId: newClientId(), text: 'oi' },
      'POST /tickets/:ticketId/transfer': { departmentId: financeiro, reason: 'x' },
      'POST /tickets/:ticketId/forwardings': { toDepartmentId: financeiro, question: 'x?' },
      'POST /tickets/:ticketId/forwardings/:forwardingId/answer': { conclusionId, text: 'x' },
    };
    return { params, body: bodies[key] ?? {} };
  }

  it('names every route of the table', () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each(Object.entries(allowed))('%s', async (key, may) => {
    const [method = '', pattern = ''] = key.split(' ');
    const outcome: Record<string, string> = {};
    for (const person of people) {
      const { params, body } = await bodyOf(key);
      const path = pattern.replace(/:(\w+)/g, (_, name: keyof typeof params) => params[name] ?? '');
      const headers: Record<string, string> = person === 'nobody' ? {} : { cookie: clients[person].cookie };
      const reply = await call(method, path, method === 'GET' ? undefined : body, headers);
      const code = reply.body?.error?.code ?? '';
      const refused = ['forbidden', 'session.required', 'ticket.not-found'].includes(code);
      outcome[person] = refused ? code : 'may';
      if (!refused) expect(reply.status, `${key} as ${person}: ${JSON.stringify(reply.body)}`).toBeLessThan(500);
    }
    expect(outcome.nobody).toBe('session.required');
    const really = everybody.filter((person) => outcome[person] === 'may');
    expect(really, JSON.stringify(outcome)).toEqual(everybody.filter((person) => may.includes(person)));
    // Out of sight does not exist: who may not see a ticket is not told that it is there.
    if (pattern.includes(':ticketId')) expect(outcome.outsider).toBe('ticket.not-found');
  });

  it('a planted route without a rule stops the start', () => {
    const planted = { method: 'POST', url: '/tickets/everything', handler: async () => ({}) };
    expect(() => wantRule(planted)).toThrow('route POST /tickets/everything declares no rule');
    expect(() => wantRule({ ...planted, config: { rule: 'ticket.see' } })).not.toThrow();
  });

  it('a route outside the table is one of these and no other', async () => {
    const { body } = await call('GET', '/api/openapi.json');
    const known = [
      '/setup',
      '/login',
      '/logout',
      '/me',
      '/invites/{token}',
      '/health',
      '/webchat/{publicId}',
      '/media',
      '/media/{mediaId}',
      '/media/{mediaId}/mail',
      '/media/{mediaId}/thumbnail',
      '/simulator/messages',
      '/simulator/outbox',
    ];
    const table = routes.map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
    const paths = Object.keys(body.paths).map((path) => path.replace('/api/v1', ''));
    expect(paths.filter((path) => !table.includes(path)).sort()).toEqual(known.sort());
  });

  it('an agent sees of colleagues only what names them, and of channels no settings', async () => {
    const { items } = (await clients.colleague.get('/agents')).body;
    expect(Object.keys(items[0]).sort()).toEqual(['active', 'departmentIds', 'id', 'name', 'role']);
    const channels = (await clients.colleague.get('/channels')).body.items;
    expect(
      channels.every(
        (channel: { config: unknown; publicId: unknown }) => channel.config === null && channel.publicId === null,
      ),
    ).toBe(true);
  });
});
