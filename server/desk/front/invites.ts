import * as z from 'zod/mini';
import type { InviteView } from '#shared/api.ts';
import { DeskError } from '../../errors.ts';
import type { KeptAgent } from '../desk.ts';
import * as input from '../input.ts';
import type { Work } from '../work.ts';
import type { Front, SignedIn } from './front.ts';
import { begin } from './sign-in.ts';

const lives = 7 * 24 * 60 * 60_000;

/** A new link for this agent to choose a password with: works once, for 7 days; an earlier one stops working. */
export async function makeInvite({ desk, records, at }: Work, agentId: string): Promise<string> {
  const token = desk.seal.token();
  const expiresAt = new Date(Date.parse(at) + lives).toISOString();
  await records.directory.putInvite(desk.seal.mark(token), { companyId: desk.company.id, agentId, expiresAt });
  return `${desk.origin}/convite/${token}`;
}

/** Whom an invite is for. Refuses: invite.invalid, for unknown, used and expired alike. */
export async function readInvite(front: Front, token: string): Promise<InviteView> {
  const { agent, company } = await invited(front, token);
  return { name: agent.name, email: agent.email, company: company.name, language: company.language };
}

const acceptInput = z.strictObject({ password: input.password });

/** Chooses the password and signs in; all earlier sign-ins of this agent end. Refuses: invite.invalid. */
export async function acceptInvite(
  front: Front,
  token: string,
  raw: unknown,
): Promise<{ token: string; signedIn: SignedIn }> {
  const { password } = input.parsed(acceptInput, raw);
  const { agent, company } = await invited(front, token);
  const passwordHash = await front.seal.hashPassword(password);
  const sessionIds = await front.bind(company.id).transact(async (records) => {
    if (!(await records.directory.endInvite(front.seal.mark(token)))) throw new DeskError('invite.invalid');
    await records.accounts.setPassword(agent.accountId, passwordHash);
    await records.agents.change(agent.id, { invited: false });
    return await records.sessions.end({ agentId: agent.id });
  });
  front.say({ event: 'sessions.ended', payload: { sessionIds } });
  front.say({ event: 'catalog.changed', payload: { companyId: company.id } });
  return await begin(front, company.id, { ...agent, invited: false });
}

async function invited(front: Front, token: string): Promise<{ agent: KeptAgent; company: SignedIn['company'] }> {
  const invite = await front.directory.invite(front.seal.mark(token));
  if (invite === null || invite.expiresAt <= front.now()) throw new DeskError('invite.invalid');
  const [agent, company] = await Promise.all([
    front.bind(invite.companyId).agents.byId(invite.agentId),
    front.directory.company(invite.companyId),
  ]);
  if (agent === null || !agent.active || company === null) throw new DeskError('invite.invalid');
  return { agent, company };
}
