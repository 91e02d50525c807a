/** One numbered thing that was said in a chat. */
export interface Line {
  chat: string;
  n: number;
}

/** What is wrong between what was said and what was seen; all empty = nothing. */
export interface Verdict {
  lost: Line[];
  twice: Line[];
  disorder: Line[];
  /** Seen, though nobody said it. */
  ghosts: Line[];
}

const word = ({ chat, n }: Line): string => `${chat}#${n}`;

/**
 * Holds what was seen, in its order, against what was said. Numbers rise in each chat. An empty ledger proves nothing
 * and is an error.
 */
export function compare(said: Line[], seen: Line[]): Verdict {
  if (said.length === 0) throw new Error('nothing was said: the ledger is empty');
  const known = new Set(said.map(word));
  const counts = new Map<string, number>();
  const highest = new Map<string, number>();
  const disorder: Line[] = [];
  for (const line of seen) {
    counts.set(word(line), (counts.get(word(line)) ?? 0) + 1);
    const last = highest.get(line.chat) ?? -1;
    if (line.n < last) disorder.push(line);
    highest.set(line.chat, Math.max(last, line.n));
  }
  return {
    lost: said.filter((line) => !counts.has(word(line))),
    twice: said.filter((line) => (counts.get(word(line)) ?? 0) > 1),
    disorder,
    ghosts: seen.filter((line) => !known.has(word(line))),
  };
}

export const clean: Verdict = { lost: [], twice: [], disorder: [], ghosts: [] };
