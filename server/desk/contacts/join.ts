import { type Identity, identityKey } from '#shared/people.ts';
import type { Desk } from '../desk.ts';

/**
 * Two identities proved to be one person. One of them unknown: it is added to the other's contact. Both known as two
 * contacts: the newer contact's identities move to the older one, which remembers from whom.
 */
export async function join(desk: Desk, [one, other]: [Identity, Identity]): Promise<'stored' | 'known'> {
  return await desk.store.transact(async ({ contacts }) => {
    const found = await contacts.byIdentities([one, other]);
    const a = found.get(identityKey(one));
    const b = found.get(identityKey(other));
    if (a === undefined && b === undefined) return 'known';
    if (a === undefined || b === undefined) {
      const contactId = a?.id ?? b?.id ?? '';
      await contacts.prove([{ contactId, identity: a === undefined ? one : other }]);
      return 'stored';
    }
    if (a.id === b.id) return 'known';
    const [older, newer] = a.id < b.id ? [a, b] : [b, a];
    await contacts.merge(newer.id, older.id, desk.now());
    return 'stored';
  });
}
