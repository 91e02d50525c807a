import * as z from 'zod/mini';
import { DeskError } from '../../errors.ts';
import type { KeptAgent } from '../desk.ts';
import * as input from '../input.ts';
import type { Front, SignedIn } from './front.ts';

const hour = 60 * 60_000;
/** A sign-in ends at the latest after this time, and earlier when it is not used. */
const longest = 12 * hour;
const idleMost = 8 * hour;
const touchEvery = 60_000;

const signInInput = z.strictObject({
  email: z.string().check(z.maxLength(254, 'too-long')),
  password: z.string().check(z.maxLength(1_024, 'too-long')),
});

/**
 * The one way in with a password. Answers the token for the cookie; unknown, wrong and disabled look and take the same.
 * Refuses: login.refused.
 */
export async function signIn(front: Front, raw: unknown): Promise<{ token: string; signedIn: SignedIn }> {
  const { email, password } = input.parsed(signInInput, raw);
  const account = await front.accounts.byEmail(email.trim().toLowerCase());
  const right = await front.seal.verifyPassword(account?.passwordHash ?? null, password);
  const places = account === null || !right ? [] : await front.agentsOf(account.id);
  const place = places.find(({ agent }) => agent.active);
  if (place === undefined) throw new DeskError('login.refused');
  return await begin(front, place.companyId, place.agent);
}

/** Begins a sign-in: a new random token, of which only a keyed mark is stored. */
export async function begin(
  front: Front,
  companyId: string,
  agent: KeptAgent,
): Promise<{ token: string; signedIn: SignedIn }> {
  const token = front.seal.token();
  const now = front.now();
  const sessionId = front.newId();
  const company = await front.directory.company(companyId);
  if (company === null) throw new DeskError('login.refused');
  await front.sessions.add({
    id: sessionId,
    mark: front.seal.mark(token),
    companyId,
    agentId: agent.id,
    createdAt: now,
    usedAt: now,
    expiresAt: new Date(Date.parse(now) + longest).toISOString(),
  });
  return { token, signedIn: { sessionId, agent, company } };
}

/** Who a token speaks for, null when it has ended: expired, idle, signed out, or the agent was switched off. */
export async function whoIs(front: Front, token: string): Promise<SignedIn | null> {
  const session = await front.sessions.byMark(front.seal.mark(token));
  const now = front.now();
  if (session === null || session.expiresAt <= now) return null;
  const idle = Date.parse(now) - Date.parse(session.usedAt);
  if (idle > idleMost) return null;
  const [company, agent] = await Promise.all([
    front.directory.company(session.companyId),
    front.bind(session.companyId).agents.byId(session.agentId),
  ]);
  if (company === null || agent === null || !agent.active) return null;
  if (idle > touchEvery) await front.sessions.touch(session.id, now);
  return { sessionId: session.id, agent, company };
}

/** Ends this sign-in, or all of this agent's; open sockets are closed with them. */
export async function signOut(front: Front, { sessionId, agent }: SignedIn, everywhere: boolean): Promise<void> {
  const sessionIds = await front.sessions.end(everywhere ? { agentId: agent.id } : { id: sessionId });
  front.say({ event: 'sessions.ended', payload: { sessionIds } });
}
