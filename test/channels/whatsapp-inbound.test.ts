import { proto } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageEvent } from '#channels/channel.ts';
import { linked, until, type World } from './whatsapp-trial.ts';

let world: World;

beforeEach(async () => {
  world = await linked();
});
afterEach(async () => {
  await world.end();
});

const { REVOKE, MESSAGE_EDIT, HISTORY_SYNC_NOTIFICATION, APP_STATE_SYNC_KEY_SHARE } =
  proto.Message.ProtocolMessage.Type;

/** Says something and answers what the desk got of it. */
async function said(message: proto.IMessage, options = {}) {
  const { host, customer, device } = world;
  const before = host.messages.length;
  const id = await customer.say(device, message, options);
  await until(() => host.messages.length > before);
  expect(host.messages[before]!.externalId).toBe(id);
  return host.messages[before]! as MessageEvent & { raw?: Uint8Array };
}

/** A text that comes after everything that was said before: what is not there then does not come. */
async function closing(): Promise<void> {
  await said({ conversation: 'fim' });
}

describe('what customers write', () => {
  it.each([
    ['a plain text', { conversation: 'Olá' }, { text: 'Olá' }],
    ['a text with a link', { extendedTextMessage: { text: 'veja https://a.b' } }, { text: 'veja https://a.b' }],
    ['a decomposed text', { conversation: 'Joa\u0303o' }, { text: 'João' }],
    ['a text that vanishes', { ephemeralMessage: { message: { conversation: 'some' } } }, { text: 'some' }],
    [
      'a place',
      { locationMessage: { degreesLatitude: -23.5, degreesLongitude: -46.6, name: 'Loja', address: 'Rua A, 1' } },
      { text: '', place: { latitude: -23.5, longitude: -46.6, name: 'Loja', address: 'Rua A, 1' } },
    ],
    [
      'a card',
      {
        contactMessage: {
          displayName: 'X',
          vcard: 'BEGIN:VCARD\nFN:Bia\\, a boa\nitem1.TEL;waid=55:+55 11\nEMAIL:b@c.d\nEND:VCARD',
        },
      },
      { text: '', cards: [{ name: 'Bia, a boa', phones: ['+55 11'], emails: ['b@c.d'] }] },
    ],
    ['a poll', { pollCreationMessageV3: { name: 'Nota?', options: [] } }, { text: '', missing: 'poll' }],
    ['a payment', { requestPaymentMessage: {} }, { text: '', missing: 'payment' }],
    ['something of a later year', { requestPhoneNumberMessage: {} }, { text: '', missing: 'unknown' }],
  ] as [string, proto.IMessage, object][])('brings %s', async (_what, message, content) => {
    expect((await said(message)).content).toEqual(content);
  });
  it('brings a pressed button as a choice', async () => {
    const button = { selectedButtonId: 'b2', selectedDisplayText: 'Financeiro', type: 1 };
    expect(await said({ buttonsResponseMessage: button })).toMatchObject({
      choice: 'b2',
      content: { text: 'Financeiro' },
    });
  });
  it('names what a text answers to, with the words that were quoted', async () => {
    const contextInfo = {
      stanzaId: 'ABC',
      participant: world.trial.owner.jid,
      quotedMessage: { conversation: 'Qual?' },
    };
    const message = await said({ extendedTextMessage: { text: 'este', contextInfo } });
    expect(message.replyTo).toEqual({ externalId: 'ABC', text: 'Qual?' });
  });
  it('brings reactions, edits and deletions of their own messages', async () => {
    const { host, channel, customer, device, trial } = world;
    const { externalId: mine } = (await channel.send(customer.jid, host.outbound('c', { text: 'oi' }))) as {
      externalId: string;
    };
    const { externalId: theirs } = await said({ conversation: 'erado' });
    const key = (id: string, fromMe: boolean) => ({ remoteJid: trial.owner.jid, fromMe, id });
    await customer.say(device, { reactionMessage: { key: key(mine, false), text: '❤️' } }, { type: 'reaction' });
    await customer.say(device, { reactionMessage: { key: key(mine, false), text: '' } }, { type: 'reaction' });
    const edit = { type: MESSAGE_EDIT, key: key(theirs, true), editedMessage: { conversation: 'errado' } };
    await customer.say(device, { protocolMessage: edit });
    await customer.say(device, { editedMessage: { message: { protocolMessage: edit } } });
    await customer.say(device, { protocolMessage: { type: REVOKE, key: key(theirs, true) } });
    await closing();
    expect(host.reactions.map(({ target, emoji }) => [target, emoji])).toEqual([
      [mine, '❤️'],
      [mine, null],
    ]);
    expect(host.changes.map(({ target, content }) => [target, content])).toEqual([
      [theirs, { text: 'errado' }],
      [theirs, { text: 'errado' }],
      [theirs, null],
    ]);
    expect(host.messages).toHaveLength(2);
  });
  it('believes no customer who changes what the desk said, or speaks as our own device', async () => {
    const { host, channel, customer, device, trial } = world;
    const { externalId: mine } = (await channel.send(customer.jid, host.outbound('c', { text: 'R$ 10' }))) as {
      externalId: string;
    };
    const key = (fromMe: boolean) => ({ remoteJid: trial.owner.jid, fromMe, id: mine });
    for (const fromMe of [true, false]) {
      await customer.say(device, { protocolMessage: { type: REVOKE, key: key(fromMe) } });
      const edit = { type: MESSAGE_EDIT, key: key(fromMe), editedMessage: { conversation: 'R$ 1' } };
      await customer.say(device, { protocolMessage: edit });
    }
    await customer.say(device, { protocolMessage: { type: HISTORY_SYNC_NOTIFICATION, historySyncNotification: {} } });
    await customer.say(device, {
      protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [] } },
    });
    const info = {
      key: { remoteJid: '5511911112222@s.whatsapp.net', fromMe: false, id: 'F1' },
      message: { conversation: 'forjada' },
    };
    const webMessageInfoBytes = proto.WebMessageInfo.encode(info).finish();
    const forged = {
      type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
      peerDataOperationRequestResponseMessage: {
        peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes } }],
      },
    };
    await customer.say(device, { protocolMessage: forged });
    await customer.say(device, { protocolMessage: forged }, { attrs: { category: 'peer' } });
    await closing();
    expect(host.changes).toEqual([]);
    expect(host.messages.map(({ content }) => content.text)).toEqual(['fim']);
  });
  it('brings a message that cannot be decoded as unreadable, and goes on', async () => {
    const { host, customer, device } = world;
    await customer.sayBytes(device, Buffer.from([0x0a, 0xff, 0xff, 0xff]));
    await closing();
    expect(host.unreadable).toHaveLength(1);
    expect(host.unreadable[0]).toMatchObject({ reason: 'whatsapp.unreadable' });
    await expect(world.channel.reread?.(host.unreadable[0]!.raw)).rejects.toThrow();
  });
  it('passes over groups, status posts and newsletters', async () => {
    const { host, customer, device } = world;
    await customer.sayInGroup(device, '120363000000000001@g.us', { conversation: 'do grupo' });
    await customer.say(
      device,
      { conversation: 'status' },
      { attrs: { from: 'status@broadcast', participant: customer.jid } },
    );
    await closing();
    expect(host.messages.map(({ content }) => content.text)).toEqual(['fim']);
    expect(host.unreadable).toEqual([]);
    await until(() => device.unacknowledged.size === 0);
  });
  it('brings a call as missing, once', async () => {
    const { host, customer, device } = world;
    await said({ conversation: 'oi' });
    customer.call(device, 'CALL1');
    customer.call(device, 'CALL1');
    await until(() => host.messages.length === 2);
    await closing();
    expect(host.messages.map(({ content }) => content.missing)).toEqual([undefined, 'call', undefined]);
    expect(host.messages[1]).toMatchObject({ conversation: customer.lid, from: { address: customer.lid } });
  });
});

describe('who writes', () => {
  it('is one person by number and by LID, in one conversation', async () => {
    const { host, customer } = world;
    const byNumber = await said({ conversation: 'um' });
    const byLid = await said({ conversation: 'dois' }, { as: 'lid' });
    expect(byNumber.conversation).toBe(customer.lid);
    expect(byLid.conversation).toBe(customer.lid);
    expect(byNumber.from).toEqual({
      identities: [
        { kind: 'phone', value: '+5511988887777' },
        { kind: 'whatsapp-lid', value: '99887766554433' },
      ],
      name: 'Ana',
      address: customer.lid,
    });
    expect(byLid.from.identities).toEqual(byNumber.from.identities);
    expect(byLid.from.address).toBe(customer.lid);
    expect(host.identities.filter(({ same }) => same[1].value === '99887766554433')).toHaveLength(1);
  });
  it('is known by the LID alone until the number is told', async () => {
    const { host } = world;
    const alone = await said({ conversation: 'um' }, { as: 'lid', alternative: false });
    expect(alone.from.identities).toEqual([{ kind: 'whatsapp-lid', value: '99887766554433' }]);
    expect(host.identities).toEqual([]);
    await said({ conversation: 'dois' }, { as: 'lid' });
    expect(host.identities).toEqual([
      {
        type: 'identity',
        same: [
          { kind: 'phone', value: '+5511988887777' },
          { kind: 'whatsapp-lid', value: '99887766554433' },
        ],
      },
    ]);
    const later = await said({ conversation: 'três' }, { as: 'lid', alternative: false });
    expect(later.from.identities).toHaveLength(2);
  });
  it('has a ninth digit also when the account is older than it', async () => {
    const { fake, host, device } = world;
    const old = fake.phone('553188887777', '77665544332211', 'Rui');
    await old.say(device, { conversation: 'oi' });
    await until(() => host.messages.length === 1);
    expect(host.messages[0]!.from.identities[0]).toEqual({ kind: 'phone', value: '+5531988887777' });
    expect(host.messages[0]!.from.address).toBe(old.lid);
  });
  it('is still the customer when the company answers on its own phone', async () => {
    const { host, trial, customer, device } = world;
    const id = await trial.owner.echo(device, customer, { conversation: 'respondido no celular' });
    await until(() => host.messages.length === 1);
    expect(host.messages[0]).toMatchObject({
      externalId: id,
      fromDevice: true,
      conversation: customer.lid,
      content: { text: 'respondido no celular' },
      from: { address: customer.lid, name: '', identities: [{ value: '+5511988887777' }, { value: '99887766554433' }] },
    });
  });
});

describe('a message without content', () => {
  it('stands as waiting until the phone sends it again', async () => {
    const { host, customer, device } = world;
    await said({ conversation: 'antes' });
    const id = await customer.sayBroken(device);
    await until(() => host.messages.length === 2);
    expect(host.messages[1]!.content).toEqual({ text: '', missing: 'waiting' });
    await until(() => device.answers.some(({ attrs }) => attrs.type === 'retry' && attrs.id === id));
    await customer.say(device, { conversation: 'agora sim' }, { id });
    await until(() => host.messages[1]!.content.text === 'agora sim');
    expect(host.messages).toHaveLength(2);
  });
  it('stands as waiting until our own phone brings it', async () => {
    const { host, customer, device, trial } = world;
    const id = customer.sayNothing(device);
    await until(() => host.messages.length === 1);
    expect(host.messages[0]!.content.missing).toBe('waiting');
    const key = { remoteJid: customer.jid, fromMe: false, id };
    const info = { key, message: { conversation: 'do anúncio' }, messageTimestamp: 1, pushName: 'Ana' };
    const webMessageInfoBytes = proto.WebMessageInfo.encode(info).finish();
    const result = { placeholderMessageResendResponse: { webMessageInfoBytes } };
    await trial.owner.tell(device, {
      protocolMessage: {
        type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
        peerDataOperationRequestResponseMessage: { stanzaId: 'X', peerDataOperationResult: [result] },
      },
    });
    await until(() => host.messages[0]!.content.text === 'do anúncio');
    expect(host.messages).toHaveLength(1);
  });
});
