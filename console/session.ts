import type { Me } from '#shared/api.ts';
import { timezone } from './format.ts';
import { get, post } from './http.ts';
import { preferences } from './preferences.ts';
import { Refused } from './refused.ts';
import { me } from './state/me.ts';
import { language, setLanguage } from './text.ts';

/** Takes over who signed in: the company's time zone and, unless chosen otherwise in this browser, its language. Call it with the answer of /login, /setup, /invites/:token. */
export async function enter(now: Me): Promise<void> {
  timezone.value = now.company.timezone;
  const wanted = preferences.value.language ?? now.company.language;
  if (wanted !== language.value) await setLanguage(wanted);
  me.value = now;
}

/** Asks the server who is signed in. Throws Unanswered when it cannot be reached. */
export async function resume(): Promise<void> {
  try {
    await enter(await get<Me>('/me'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    me.value = null;
  }
}

const farewells: ((agentId: string) => Promise<void>)[] = [];

/** Registers what must be wiped from this browser when an agent signs out. */
export function onLeaving(work: (agentId: string) => Promise<void>): void {
  farewells.push(work);
}

/** Signs out here, or on every device. What waited in this browser is wiped. */
export async function leave(everywhere = false): Promise<void> {
  // The server closes the socket at once, and with it the session here may be gone before the answer comes.
  const agentId = me.value?.agent.id;
  await post('/logout', everywhere ? { everywhere } : {});
  if (agentId !== undefined) for (const work of farewells) await work(agentId);
  me.value = null;
}
