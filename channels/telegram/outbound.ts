import { ChannelError, type ChannelHost, type Gesture, type OutboundMessage, type Sent } from '../channel.ts';
import { type Address, addressOf, type Place, placeOf, placeText } from './address.ts';
import type { Api } from './api.ts';
import { ApiFault, channelErrorOf, silenceOf } from './fault.ts';
import { type Pace, within } from './pace.ts';
import { type Request, requestOf, where } from './request.ts';
import type { Bot } from './settings.ts';
import { upload } from './transfer.ts';

export interface OutboundMeans {
  api: Api;
  bot: Bot;
  host: ChannelHost;
  pace: Pace;
  /** Aborts when everything must end at once. */
  signal: AbortSignal;
}

/**
 * Sends, edits or deletes as `Channel.send` promises. The Bot API knows no key by which a second try would be harmless
 * (tdlib/telegram-bot-api issue 126), so a new message without an answer is `uncertain`; an edit may be sent again.
 */
export async function deliver(means: OutboundMeans, to: string, message: OutboundMessage): Promise<Sent> {
  const address = addressOf(to);
  if (address === null) throw new ChannelError('refused', 'telegram.chat-not-found');
  if (message.changes !== undefined) return await change(means, message, message.changes);
  const goal = await moved(means.host, address);
  const request = await requestOf(means.host, goal, message);
  await message.claim();
  try {
    return sentOf(await perform(means, goal, request), goal);
  } catch (error) {
    if (error instanceof ApiFault && error.reach === 'unknown') return { uncertain: silenceOf(error) };
    throw error instanceof ApiFault ? channelErrorOf(error) : error;
  }
}

/** A group that became a supergroup has another number: the refused call is made once more with it. */
async function perform(means: OutboundMeans, { chat }: Address, request: Request): Promise<unknown> {
  try {
    return await call(means, request);
  } catch (error) {
    const next = error instanceof ApiFault ? error.migratedTo : null;
    if (next === null) throw error;
    const result = await call(means, { ...request, fields: { ...request.fields, chat_id: next } });
    await means.host.session.set({ [movedKey(chat)]: new TextEncoder().encode(String(next)) });
    return result;
  }
}

async function call({ api, bot, pace, signal }: OutboundMeans, request: Request): Promise<unknown> {
  const { method, fields, file } = request;
  if (file === null) return await api.call(method, fields, pace.answerMs, signal);
  const words = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const form = { fields: Object.fromEntries(words), file: await file() };
  const { idleMs, transferMs } = pace;
  return await within(transferMs, signal, (until) => upload(bot, method, form, { idleMs, signal: until }));
}

const movedKey = (chat: number): string => `moved/${chat}`;

/** Where a group is now. Only groups have numbers below zero, and only they move. */
async function moved(host: ChannelHost, address: Address): Promise<Address> {
  if (address.chat >= 0) return address;
  const key = movedKey(address.chat);
  const kept = (await host.session.get([key]))[key];
  return kept === undefined ? address : { ...address, chat: Number(new TextDecoder().decode(kept)) };
}

/** Taken, but under which number cannot be known without a readable answer. */
function sentOf(result: unknown, { chat, connection }: Address): Sent {
  if (typeof result !== 'object' || result === null || !('message_id' in result))
    return { uncertain: 'telegram.no-answer' };
  const its = 'chat' in result && typeof result.chat === 'object' && result.chat !== null ? result.chat : {};
  const now = 'id' in its ? Number(its.id) : chat;
  return { externalId: placeText({ chat: now, connection, message: Number(result.message_id) }) };
}

/** Edits or deletes. What is so already is done; without an answer it may be tried again. */
async function change(means: OutboundMeans, message: OutboundMessage, externalId: string): Promise<Sent> {
  const { api, host, pace, signal } = means;
  const place = placeOf(externalId);
  if (place === null) throw new ChannelError('refused', 'telegram.not-editable');
  const { method, fields } =
    message.content === null ? deletion(place) : await edit(host, place, externalId, message.content.text);
  await message.claim();
  try {
    await api.call(method, fields, pace.answerMs, signal);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (!/is not modified|message to delete not found/i.test(error.description)) throw channelErrorOf(error);
  }
  return { externalId };
}

function deletion({ chat, connection, message }: Place): Omit<Request, 'file'> {
  if (connection === null) return { method: 'deleteMessage', fields: { chat_id: chat, message_id: message } };
  return { method: 'deleteBusinessMessages', fields: { business_connection_id: connection, message_ids: [message] } };
}

/** The text of a message with a file is its caption, and edited by another method. */
async function edit(host: ChannelHost, place: Place, externalId: string, text: string): Promise<Omit<Request, 'file'>> {
  const before = await host.sentContent(externalId);
  const common = { ...where({ ...place, topic: null }), message_id: place.message };
  if ((before?.attachments?.length ?? 0) > 0)
    return { method: 'editMessageCaption', fields: { ...common, caption: text } };
  if (text === '') throw new ChannelError('refused', 'telegram.empty');
  return { method: 'editMessageText', fields: { ...common, text } };
}

/** Reacts or shows that somebody types. Bots have no read marks. Never throws for the network. */
export async function gestureTo(means: OutboundMeans, to: string, gesture: Gesture): Promise<void> {
  const { api, host, pace, signal } = means;
  const asked = gestureCall(to, gesture);
  if (asked === null && gesture.type !== 'react') return;
  if (asked === null) throw new ChannelError('refused', 'channel.cannot');
  try {
    await api.call(asked.method, asked.fields, pace.answerMs, signal);
  } catch (error) {
    host.log('a gesture was not taken', {
      type: gesture.type,
      reason: error instanceof ApiFault ? error.message : 'unknown',
    });
    if (gesture.type === 'react') throw new ChannelError('refused', 'channel.gesture-refused');
  }
}

function gestureCall(to: string, gesture: Gesture): Omit<Request, 'file'> | null {
  if (gesture.type === 'react') {
    const place = placeOf(gesture.target.externalId);
    // Bots cannot react for a business account.
    if (place === null || place.connection !== null) return null;
    const reaction = gesture.emoji === null ? [] : [{ type: 'emoji', emoji: gesture.emoji }];
    return { method: 'setMessageReaction', fields: { chat_id: place.chat, message_id: place.message, reaction } };
  }
  const address = addressOf(to);
  if (gesture.type === 'read' || !gesture.on || address === null) return null;
  return { method: 'sendChatAction', fields: { ...where(address), action: 'typing' } };
}
