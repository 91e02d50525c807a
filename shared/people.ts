/** The people of the desk: who acts, who is served. */

/** Who did something, as the history names it. `id` is an agent's id, a contact's id, or null for the system. */
export interface Actor {
  kind: 'agent' | 'customer' | 'system';
  id: string | null;
  name: string;
}

export const roles = ['agent', 'supervisor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A person who attends. `invited`: has not chosen a password yet. */
export interface Agent {
  id: string;
  name: string;
  email: string;
  role: Role;
  departmentIds: string[];
  active: boolean;
  invited: boolean;
}

/** What every colleague may know of an agent: enough to name and to choose one. */
export type Colleague = Omit<Agent, 'email' | 'invited'>;

/** A customer as the desk knows it: the person behind one or more identities. */
export interface Contact {
  id: string;
  name: string;
}

/** An address of a contact on a network; (company, kind, value) is unique. Phones are E.164 with `+`; a `whatsapp-lid` is never a phone and never shown as one. */
export interface Identity {
  kind: 'phone' | 'whatsapp-lid' | 'telegram' | 'email' | 'webchat';
  value: string;
}

/** An identity as one word, for maps. */
export const identityKey = ({ kind, value }: Identity): string => `${kind} ${value}`;

/** Up to two capital letters for an avatar: first and last word. `''` gives `'?'`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word === undefined ? '' : ([...word][0] ?? '')))
    .join('')
    .toLocaleUpperCase();
}
