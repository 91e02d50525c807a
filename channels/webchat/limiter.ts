/** Whether one more is allowed for `who` now; a refused try does not count. */
export type Limiter = (who: string) => boolean;

/** Allows at most `most` per `span` milliseconds and person, by a sliding window. Forgets who was quiet for a span. */
export function limiter(most: number, span: number, now: () => number = Date.now): Limiter {
  // In the order of the last allowed try, so that whoever may be forgotten stands in front.
  const times = new Map<string, number[]>();
  return (who) => {
    const start = now() - span;
    for (const [other, tries] of times) {
      if ((tries.at(-1) ?? 0) > start) break;
      times.delete(other);
    }
    const recent = (times.get(who) ?? []).filter((time) => time > start);
    if (recent.length >= most) return false;
    times.delete(who);
    times.set(who, [...recent, now()]);
    return true;
  };
}
