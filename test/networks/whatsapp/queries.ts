import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  getBinaryNodeChildString,
  jidDecode,
} from '@whiskeysockets/baileys';
import type { FakeConnection } from './connection.ts';
import type { LinkedDevice } from './device.ts';
import { bytesOf, firstChild, node, numberOf, userOf } from './nodes.ts';
import type { Pairing } from './pairing.ts';
import type { Phone } from './phone.ts';

/** What the answers to queries are made of. */
export interface Directory {
  pairing: Pairing;
  mediaHost: string;
  /** The phone of a number or of a LID. */
  phone(user: string): Phone | undefined;
}

/** What a query is answered with: children of the result. `after` happens when the answer is out. */
interface Answer {
  content?: BinaryNode[];
  after?: () => void;
}

/** Answers the queries (`iq`) that a linked device and one that is being linked ask; anything else gets an empty result. */
export function answer(directory: Directory, connection: FakeConnection, query: BinaryNode): Answer {
  const child = firstChild(query);
  const { device } = connection;
  if (query.attrs.xmlns === 'md') return linking(directory, connection, child);
  if (device === null) return {};
  switch (query.attrs.xmlns) {
    case 'encrypt':
      return keys(directory, device, query, child);
    case 'passive':
      return child?.tag === 'active' ? { after: () => activate(device) } : {};
    case 'usync':
      return { content: [users(directory, device, query)] };
    case 'w:m':
      return { content: [mediaConnection(directory.mediaHost)] };
    case 'w:sync:app:state': {
      const asked = getBinaryNodeChildren(child, 'collection');
      const unchanged = asked.map(({ attrs }) => node('collection', { name: attrs.name ?? '', version: '0' }));
      return { content: [node('sync', {}, unchanged)] };
    }
    case 'privacy': {
      const all = node('category', { name: 'readreceipts', value: 'all' });
      return { content: [node(child?.tag ?? 'privacy', {}, [all])] };
    }
    default:
      return {};
  }
}

function activate(device: LinkedDevice): void {
  device.active = true;
  device.deliverBacklog();
}

function linking({ pairing }: Directory, connection: FakeConnection, child: BinaryNode | undefined): Answer {
  if (child?.tag === 'remove-companion-device') {
    if (connection.device !== null) connection.device.loggedOut = true;
    return {};
  }
  if (child?.tag !== 'link_code_companion_reg') return {};
  if (child.attrs.stage === 'companion_hello') return { content: pairing.hello(connection, child) };
  return { after: () => pairing.finish(connection, child) };
}

function keys(directory: Directory, device: LinkedDevice, query: BinaryNode, child: BinaryNode | undefined): Answer {
  if (child?.tag === 'count') {
    return { content: [node('count', { value: String(device.preKeys.length) })] };
  }
  if (child?.tag === 'digest') return { content: [node('digest', {})] };
  if (child?.tag === 'key') {
    const bundles = getBinaryNodeChildren(child, 'user').map(({ attrs }) => {
      const phone = directory.phone(userOf(attrs.jid));
      return node('user', { jid: attrs.jid ?? '' }, phone?.signal.bundle() ?? [node('error', { code: '404' })]);
    });
    return { content: [node('list', {}, bundles)] };
  }
  for (const key of getBinaryNodeChildren(getBinaryNodeChild(query, 'list'), 'key')) {
    device.preKeys.push({ id: numberOf(bytesOf(key, 'id')), value: bytesOf(key, 'value') });
  }
  return {};
}

function mediaConnection(hostname: string): BinaryNode {
  const attrs = { auth: 'auth-of-the-fake', ttl: '300', auth_ttl: '300', max_buckets: '12' };
  return node('media_conn', attrs, [node('host', { hostname })]);
}

function users(directory: Directory, device: LinkedDevice, query: BinaryNode): BinaryNode {
  const usync = getBinaryNodeChild(query, 'usync');
  const asked = getBinaryNodeChild(usync, 'query')?.content;
  const protocols = Array.isArray(asked) ? asked.map(({ tag }) => tag) : [];
  const list = getBinaryNodeChildren(getBinaryNodeChild(usync, 'list'), 'user').map((user) => {
    const number = getBinaryNodeChildString(user, 'contact')?.replace('+', '');
    const jid = user.attrs.jid ?? `${number}@s.whatsapp.net`;
    const name = jidDecode(jid)?.user ?? '';
    return node(
      'user',
      { jid },
      protocols.map((protocol) => about(directory, device, protocol, name)),
    );
  });
  const attrs = {
    sid: usync?.attrs.sid ?? '',
    mode: 'query',
    context: usync?.attrs.context ?? '',
    last: 'true',
    index: '0',
  };
  const results = protocols.map((protocol) => node(protocol, {}));
  return node('usync', attrs, [node('result', {}, results), node('list', {}, list)]);
}

function about(directory: Directory, device: LinkedDevice, protocol: string, user: string): BinaryNode {
  const phone = directory.phone(user);
  // Asked by a LID, the server says nothing of it.
  if (protocol === 'lid') return node('lid', phone?.number === user ? { val: phone.lid } : {});
  if (protocol === 'contact') return node('contact', { type: phone === undefined ? 'out' : 'in' });
  if (protocol !== 'devices') return node(protocol, {});
  const numbers = phone === undefined ? [] : phone === device.owner ? [0, device.number] : [0];
  const listed = numbers.map((id) => node('device', { id: String(id), ...(id > 0 ? { 'key-index': '1' } : {}) }));
  return node('devices', {}, [node('device-list', {}, listed)]);
}
