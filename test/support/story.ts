import { newClientId } from '#shared/client-id.ts';
import type { Client, Reply, TestApp } from './app.ts';
import { testApp } from './app.ts';

/** A set-up company with its registries by name: the stage of most stories. */
export interface Story extends TestApp {
  admin: Client;
  department(name: string): Promise<string>;
  conclusion(name: string): Promise<string>;
  /** A customer writes by the simulator. */
  writes(text: string, about?: { as?: string; from?: string; name?: string; key?: string }): Promise<Reply>;
  /** The newest open ticket of this customer. */
  // biome-ignore lint/suspicious/noExplicitAny: a ticket as JSON brings it
  ticketOf(from: string): Promise<any>;
}

/** An internet provider with Suporte técnico, Financeiro and Comercial, and an admin. */
export async function story(overrides: Parameters<typeof testApp>[0] = {}): Promise<Story> {
  const app = await testApp(overrides);
  const admin = await app.setUp();
  const idOf = async (path: string, name: string): Promise<string> => {
    const { body } = await admin.get(path);
    const found = body.items.find((item: { name: string }) => item.name === name);
    if (found === undefined) throw new Error(`${path} has no ${name}`);
    return found.id;
  };
  return {
    ...app,
    admin,
    department: (name) => idOf('/departments', name),
    conclusion: (name) => idOf('/conclusions', name),
    writes: (text, { as = 'whatsapp', from = '+5541988887777', name = 'Sérgio Luz', key } = {}) =>
      admin.post('/simulator/messages', { as, from, name, text, ...(key === undefined ? {} : { key }) }),
    async ticketOf(from) {
      const { body } = await admin.get('/tickets?limit=100');
      return body.items.find((ticket: { address: string }) => ticket.address === from);
    },
  };
}

/** A body with a fresh client id. */
export const once = (body: object): object => ({ clientId: newClientId(), ...body });
