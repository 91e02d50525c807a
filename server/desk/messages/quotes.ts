import { previewOf, type Quote } from '#shared/message.ts';
import type { KeptChannel, KeptMessage } from '../desk.ts';
import type { Arrival } from '../tickets/arrival.ts';
import type { Work } from '../work.ts';

/** What these arrivals answer to, as far as they name something. A message that the desk has not is quoted by its text. */
export async function quotesOf(
  { records }: Work,
  channel: KeptChannel,
  arrivals: Arrival[],
): Promise<Map<Arrival, Quote>> {
  const wanted = arrivals.flatMap(({ replyTo }) => (replyTo === undefined ? [] : [replyTo.externalId]));
  if (wanted.length === 0) return new Map();
  const found = await records.messages.byExternalIds(channel.id, wanted);
  const known = new Map(found.map((message) => [message.externalId, message]));
  const quotes = new Map<Arrival, Quote>();
  for (const arrival of arrivals) {
    const { replyTo } = arrival;
    if (replyTo === undefined) continue;
    const message = known.get(replyTo.externalId);
    if (message !== undefined) quotes.set(arrival, quoteOf(message));
    else if (replyTo.text !== undefined) {
      quotes.set(arrival, { messageId: null, name: '', preview: previewOf({ text: replyTo.text }) });
    }
  }
  return quotes;
}

/** How a message is quoted. */
export function quoteOf({ id, author, content }: KeptMessage): Quote {
  return { messageId: id, name: author.name, preview: previewOf(content) };
}
