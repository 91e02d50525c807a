import { type Contact, type Identity, identityKey } from '#shared/people.ts';
import type { Arrival } from '../tickets/arrival.ts';
import type { Work } from '../work.ts';

/**
 * Who wrote each arrival; a stranger becomes a contact, one person once even when several arrivals bring them. An
 * identity that came along with a known one is added to that contact: a phone whose LID was seen first, or the reverse.
 */
export async function whoWrote({ records, desk }: Work, arrivals: Arrival[]): Promise<Map<Arrival, Contact>> {
  const known = await records.contacts.byIdentities(arrivals.flatMap(({ from }) => from.identities));
  const added: { contact: Contact; proofs: Identity[] }[] = [];
  const further: { contactId: string; identity: Identity }[] = [];
  const result = new Map<Arrival, Contact>();
  for (const arrival of arrivals) {
    const { identities, name } = arrival.from;
    const before = identities.map((one) => known.get(identityKey(one))).find((contact) => contact !== undefined);
    const contact = before ?? { id: desk.newId(), name: nameOf(arrival, name) };
    result.set(arrival, contact);
    const unknown = identities.filter((one) => !known.has(identityKey(one)));
    for (const one of unknown) known.set(identityKey(one), contact);
    if (before === undefined) added.push({ contact, proofs: identities });
    else further.push(...unknown.map((identity) => ({ contactId: before.id, identity })));
  }
  await records.contacts.add(added);
  await records.contacts.prove(further);
  return result;
}

/** Networks may bring no name: then the phone or address, never a LID. */
function nameOf({ from }: Arrival, name: string): string {
  if (name.trim() !== '') return name;
  const shown = from.identities.find(({ kind }) => kind === 'phone' || kind === 'email');
  return shown?.value ?? '?';
}
