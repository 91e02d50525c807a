import type { Company } from '#shared/company.ts';
import type { News } from '../../bus.ts';
import type { Seal } from '../../seal.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelKinds, KeptAgent } from '../desk.ts';
import type { SetupCode } from './setup-code.ts';

/** What stands before a company is known: setup, invites and sign-in. Nothing else may use it. */
export interface Front {
  accounts: Store['accounts'];
  directory: Store['directory'];
  sessions: Store['sessions'];
  /** The store of one company. */
  bind(companyId: string): Store;
  /** In which companies an account attends. */
  agentsOf(accountId: string): Promise<{ companyId: string; agent: KeptAgent }[]>;
  now(): string;
  newId(): string;
  seal: Seal;
  say(news: News): void;
  setupCode: SetupCode;
  channelKinds: ChannelKinds;
}

/** A signed-in agent and its company. */
export interface SignedIn {
  sessionId: string;
  agent: KeptAgent;
  company: Company;
}
