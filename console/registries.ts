import type { AgentItem } from '#shared/api.ts';
import type { Conclusion, Department } from '#shared/catalog.ts';
import type { ChannelView } from '#shared/channel.ts';
import { unattended } from '#shared/unattended.ts';
import { get } from './http.ts';
import { Unanswered } from './refused.ts';
import { catalog, connectionChanged } from './state/catalog.ts';
import { me } from './state/me.ts';

type ConnectionNews = Parameters<typeof connectionChanged>[0];

const againAfterMs = 3_000;

let asked = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** News of connections since the last question: its answer may be older than they are. */
let meanwhile: ConnectionNews[] = [];

/**
 * Fetches the registries; they are small and change seldom. Of overlapping questions only the last one counts, and one
 * that failed is asked again for as long as somebody is signed in: without them there is no department and no name.
 */
export async function fetchCatalog(): Promise<void> {
  asked += 1;
  const mine = asked;
  meanwhile = [];
  clearTimeout(timer);
  try {
    const [departments, agents, conclusions, channels] = await Promise.all([
      get<{ items: Department[] }>('/departments'),
      get<{ items: AgentItem[] }>('/agents'),
      get<{ items: Conclusion[] }>('/conclusions'),
      get<{ items: ChannelView[] }>('/channels'),
    ]);
    if (mine !== asked) return;
    catalog.value = {
      departments: departments.items,
      agents: agents.items,
      conclusions: conclusions.items,
      channels: channels.items,
    };
    for (const news of meanwhile) connectionChanged(news);
  } catch (error) {
    if (mine !== asked || !me.value) return;
    timer = setTimeout(() => unattended(fetchCatalog(), 'catalog'), againAfterMs);
    if (!(error instanceof Unanswered)) throw error;
  }
}

/** Takes in how a channel is connected now. */
export function heardOfConnection(news: ConnectionNews): void {
  meanwhile.push(news);
  connectionChanged(news);
}

/** Nobody is signed in any more: what is under way is not taken in. */
export function forgetRegistries(): void {
  asked += 1;
  clearTimeout(timer);
}
