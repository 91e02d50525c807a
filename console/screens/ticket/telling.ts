import type { Entry } from '#shared/history.ts';
import type { Actor } from '#shared/people.ts';
import { dateTime } from '../../format.ts';
import { agentName, conclusionName, departmentName } from '../../state/catalog.ts';
import { say, t } from '../../text.ts';

/** Who did something, in words: a name, and for the desk itself its word. */
export function actorName(actor: Actor): string {
  return actor.kind === 'system' ? t.history.system : actor.name;
}

/** What happened, in one sentence without its time. */
export function sentenceOf(entry: Entry): string {
  const who = actorName(entry.actor);
  switch (entry.act) {
    case 'ticket.opened':
      return entry.actor.kind === 'customer' ? t.history.byCustomer : say(t.history.lines[entry.act], { who });
    case 'ticket.reassigned':
      return say(t.history.lines[entry.act], { who, target: targetOf(entry) });
    case 'forwarding.added':
      return say(t.history.lines[entry.act], { who, department: departmentName(entry.forwarding.toDepartmentId) });
    case 'forwarding.answered':
      return say(t.history.lines[entry.act], {
        who,
        department: departmentName(entry.forwarding.toDepartmentId),
        conclusion: entry.forwarding.answer ? conclusionName(entry.forwarding.answer.conclusionId) : '',
      });
    default:
      return say(t.history.lines[entry.act], { who });
  }
}

/** Which fields an event changed, each as "field: from … to …"; what the sentence tells already is left out. */
export function changesOf(entry: Entry): string[] {
  const { before, after } = entry;
  const names: Record<string, string> = t.history.fields;
  const lines: string[] = [];
  for (const [name, value] of Object.entries(after ?? {})) {
    const field = names[name];
    if (field === undefined || name === 'channelId') continue;
    // An opening says what there is, not what there is not.
    if (before === null && (value === 0 || value === false || (Array.isArray(value) && value.length === 0))) continue;
    const to = wordOf(name, value);
    if (before === null) lines.push(say(t.history.set, { field, to }));
    else lines.push(say(t.history.change, { field, from: wordOf(name, before[name]), to }));
  }
  return lines;
}

function targetOf({ after }: Entry): string {
  const names: (string | null)[] = [];
  if (typeof after?.departmentId === 'string') names.push(departmentName(after.departmentId));
  if (typeof after?.agentId === 'string') names.push(agentName(after.agentId));
  return names.filter((name) => name !== null).join(', ') || t.inbox.waiting;
}

function wordOf(field: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((id) => departmentName(String(id))).join(', ') || t.history.nothing;
  if (typeof value === 'boolean') return value ? t.history.yes : t.history.no;
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : emptyWord(field);
  const statuses: Record<string, string> = t.ticket.statuses;
  const channels: Record<string, string> = t.inbox.channels;
  const origins: Record<string, string> = t.history.origins;
  if (field === 'departmentId') return departmentName(value);
  if (field === 'agentId') return agentName(value) ?? t.history.none;
  if (field === 'status') return statuses[value] ?? value;
  if (field === 'channel') return channels[value] ?? value;
  if (field === 'origin') return origins[value] ?? value;
  return field === 'closedAt' ? dateTime(value) : value;
}

const emptyWord = (field: string) => (field === 'agentId' ? t.history.none : t.history.nothing);
