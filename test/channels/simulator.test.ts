import { describe, expect, it } from 'vitest';
import { sampleConversations } from '#channels/simulator/scripts.ts';
import { receivedMost, simulator } from '#channels/simulator/simulator.ts';
import type { SimulatorReceived } from '#shared/api.ts';
import { abilitiesOf, channelKinds } from '#shared/channel.ts';
import { languages, templates } from '#shared/company.ts';
import { channelContract } from './channel.contract.ts';
import { HostDouble } from './host-double.ts';
import type { Got } from './network.ts';
import { SocketsDouble } from './sockets-double.ts';

const endpoints = { whatsapp: null, telegram: null, insecure: false };
const customers = {
  whatsapp: '+5551990000101',
  telegram: '@ana/paula',
  email: 'ana@correio.example',
  webchat: 'visitante-7c41',
};

function pretending(kind: (typeof channelKinds)[number]) {
  return simulator(
    { id: '0123456789abcdef01234567', kind, publicId: null, settings: {} },
    { sockets: new SocketsDouble(), endpoints },
  );
}

for (const kind of channelKinds) {
  channelContract(`simulator as ${kind}`, {
    kind,
    can: abilitiesOf[kind].filter((ability) => !['react', 'typing'].includes(ability)),
    async open(host) {
      let channel = pretending(kind);
      const customer = customers[kind];
      const shown = ({ id, text, attachments, replyTo }: SimulatorReceived): Got => ({
        externalId: id,
        text,
        files: attachments.map(({ id: file, name, mime }) => ({ name, mime, bytes: host.files.get(file)!.bytes })),
        replyTo,
      });
      return {
        channel,
        customer,
        conversation: customer,
        enter: async () => undefined,
        async write({ name, text, key }) {
          const taken = await channel.write({ from: customer, name, text, key });
          if (taken === 'dead') throw new Error('a dead letter');
          return taken;
        },
        got: async () => (await channel.received(customer)).map(shown),
        acknowledge: async () => undefined,
        again() {
          channel = pretending(kind);
          return channel;
        },
        close: async () => undefined,
      };
    },
    longest: 65_536,
    resends: true,
    wrong: [],
  });
}

describe('simulator', () => {
  it('knows the customer by the identity of the pretended network', async () => {
    const kinds = { whatsapp: 'phone', telegram: 'telegram', email: 'email', webchat: 'webchat' };
    for (const kind of channelKinds) {
      const host = new HostDouble();
      const channel = pretending(kind);
      await channel.connect(host);
      await channel.write({ from: customers[kind], name: 'Ana', text: 'oi' });
      expect(host.messages[0]?.from.identities).toEqual([{ kind: kinds[kind], value: customers[kind] }]);
    }
  });
  it('takes a message without key as a new one each time', async () => {
    const host = new HostDouble();
    const channel = pretending('whatsapp');
    await channel.connect(host);
    const message = { from: customers.whatsapp, name: 'Ana', text: 'oi' };
    expect([await channel.write(message), await channel.write(message)]).toEqual(['stored', 'stored']);
  });
  it('keeps the last 200 of each customer, oldest first, through a restart', async () => {
    const host = new HostDouble();
    const channel = pretending('telegram');
    await channel.connect(host);
    for (let n = 0; n < receivedMost + 5; n += 1) {
      await channel.send('@ana', host.outbound('@ana', { text: `n${n}` }));
    }
    await channel.send('@ana/2', host.outbound('@ana/2', { text: 'outra' }));
    expect(host.stored.size).toBe(receivedMost + 1);
    const again = pretending('telegram');
    await again.connect(host);
    const received = await again.received('@ana');
    expect(received).toHaveLength(receivedMost);
    expect(received.at(0)).toMatchObject({ as: 'telegram', text: 'n5' });
    expect(received.at(-1)?.text).toBe(`n${receivedMost + 4}`);
    expect(await again.received('@ana/2')).toHaveLength(1);
  });
  it('changes and removes what a customer has', async () => {
    const host = new HostDouble();
    const channel = pretending('whatsapp');
    await channel.connect(host);
    const first = host.outbound('+5551', { text: 'amanha' });
    await channel.send('+5551', first);
    await channel.send('+5551', host.outbound('+5551', { text: 'amanhã' }, { changes: first.id }));
    expect(await channel.received('+5551')).toMatchObject([{ text: 'amanhã', editedAt: expect.any(String) }]);
    await channel.send('+5551', host.outbound('+5551', { text: '' }, { changes: first.id, content: null }));
    expect(await channel.received('+5551')).toMatchObject([{ id: first.id, removed: true }]);
    const gone = channel.send('+5551', host.outbound('+5551', { text: 'x' }, { changes: 'nenhuma' }));
    await expect(gone).rejects.toMatchObject({ fault: 'refused', code: 'channel.message-gone' });
  });
  it('tells delivered after the answer to the send, never before', async () => {
    const host = new HostDouble();
    const channel = pretending('whatsapp');
    await channel.connect(host);
    await channel.send('+5551990000101', host.outbound('+5551990000101', { text: 'oi' }));
    expect(host.receipts).toEqual([]);
    await channel.disconnect();
    expect(host.receipts.map(({ status }) => status)).toEqual(['delivered']);
  });
});

describe('sample conversations', () => {
  const departments: Record<string, Record<string, string[]>> = {
    'pt-BR': {
      'internet-provider': ['Suporte técnico', 'Financeiro', 'Comercial'],
      'software-house': ['Suporte', 'Desenvolvimento', 'Financeiro'],
      shop: ['Vendas', 'Trocas e entregas', 'Financeiro'],
      blank: ['Atendimento'],
    },
    en: {
      'internet-provider': ['Technical support', 'Billing', 'Sales'],
      'software-house': ['Support', 'Development', 'Billing'],
      shop: ['Sales', 'Returns and delivery', 'Billing'],
      blank: ['Service desk'],
    },
  };
  for (const language of languages) {
    for (const template of templates) {
      it(`fill the desk of ${template} in ${language}`, () => {
        const { opening, further } = sampleConversations[language][template];
        const all = [opening, ...further];
        expect(further).toHaveLength(8);
        expect(new Set(further.map(({ as }) => as)).size).toBe(channelKinds.length);
        expect(new Set(all.map(({ as, from }) => `${as} ${from}`)).size).toBe(all.length);
        for (const { texts, name, department } of all) {
          expect(texts.length).toBeGreaterThanOrEqual(1);
          expect(texts.length).toBeLessThanOrEqual(4);
          expect(texts.every((text) => text.trim() !== '' && text.length < 1_000)).toBe(true);
          expect(name).not.toBe('');
          expect(departments[language]?.[template]).toContain(department);
        }
        const served = new Set(all.map(({ department }) => department));
        expect([...served].sort()).toEqual([...departments[language]![template]!].sort());
      });
    }
  }
});
