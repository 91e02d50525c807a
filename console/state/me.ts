import { signal } from '@preact/signals';
import type { Me } from '#shared/api.ts';

/** Who is signed in: `undefined` until the server was asked, null when nobody is. Set it after POST /login, /setup or /invites/:token. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether the signed-in person may manage the desk. */
export function isAdmin(): boolean {
  return me.value?.agent.role === 'admin';
}

/** Whether the signed-in person moves other people's tickets. */
export function isSupervisor(): boolean {
  return me.value?.agent.role === 'supervisor' || isAdmin();
}
