import type { ChatLine } from '#shared/live.ts';

/** Both lists as one in the order of their ids, each line once. */
export function merged(lines: readonly ChatLine[], more: readonly ChatLine[]): ChatLine[] {
  const byId = new Map([...lines, ...more].map((line) => [line.id, line]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The id of the desk's last line, `''` when there is none. */
export function lastOfDesk(lines: readonly ChatLine[]): string {
  return lines.findLast(({ from }) => from === 'desk')?.id ?? '';
}

/** How many lines of the desk came after `seen`. */
export function unreadAfter(lines: readonly ChatLine[], seen: string): number {
  return lines.filter(({ from, id }) => from === 'desk' && id > seen).length;
}
