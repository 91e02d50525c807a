import { expect } from 'vitest';
import { type FaultPoint, faultPoints } from '#shared/fault.ts';
import { DeskUnderFire } from './desk-under-fire.ts';
import { clean, compare, type Line } from './ledger.ts';

/** A network under fire: its customers live outside the process that dies. */
export interface Front {
  kind: string;
  env: Record<string, string>;
  /** Adds the channel and resolves when it is online. */
  connect(desk: DeskUnderFire): Promise<void>;
  /** A customer writes this; resolves when the network has it, whatever becomes of the desk. */
  write(chat: string, text: string): Promise<void>;
  /** What a customer has got, in order; what came twice stands twice. */
  got(chat: string): string[];
  /** How often each customer writes, in ms: about what the network carries. */
  everyMs: number;
  /** How often each agent writes, in ms. */
  agentEveryMs: number;
  /** Points that this network does not pass. */
  never: FaultPoint[];
  close(): Promise<void>;
}

const chats = ['um', 'dois', 'tres'];
const textOf = (chat: string, n: number, by: 'c' | 'd'): string => `${by}:${chat}:${n}`;

function lineOf(text: string): (Line & { by: string }) | null {
  const [, by = '', chat = '', n = ''] = /^([cd]):([a-z]+):(\d+)$/.exec(text.trim()) ?? [];
  return chat === '' ? null : { by, chat, n: Number(n) };
}

const linesOf = (texts: string[], by: string): Line[] =>
  texts.flatMap((text) => {
    const line = lineOf(text);
    return line === null || line.by !== by ? [] : [{ chat: line.chat, n: line.n }];
  });

/** Answers what was counted, for the report. */
export interface Report {
  kind: string;
  kills: number;
  inbound: number;
  outbound: number;
  uncertain: number;
}

/**
 * Kills the desk `rounds` times at every point while customers and agents write, starts it again each time, and holds
 * at the end what the desk shows and what the customers got against what was said.
 */
export async function underFire(front: Front, rounds: number): Promise<Report> {
  const desk = new DeskUnderFire(front.env);
  const points = faultPoints.filter((point) => !front.never.includes(point));
  const said: Line[] = [];
  const answered: Line[] = [];
  const never: string[] = [];
  let over = false;
  let kills = 0;
  try {
    await desk.start();
    await desk.setUp();
    await front.connect(desk);
    const traffic = Promise.all(
      chats.flatMap((chat) => [
        customer(front, chat, said, () => over),
        agent(desk, front, chat, answered, () => over),
      ]),
    );
    await desk.stop();
    for (let round = 0; round < rounds; round += 1) {
      for (const point of points) {
        await desk.start(point, 2 + round);
        if (await desk.died(60_000)) kills += 1;
        else never.push(point);
        progress(`${front.kind} ${point}: ${kills} kills, ${said.length} in, ${answered.length} out, never: ${never}`);
      }
    }
    over = true;
    await desk.start();
    await traffic;
    await allIn(desk, said);
    const uncertain = await settled(desk);
    expect(never, 'points that were never passed').toEqual([]);
    const shown = await shownIn(desk);
    expect(compare(said, linesOf(shown, 'c')), `${front.kind}: what customers wrote`).toEqual(clean);
    expect(compare(answered, linesOf(shown, 'd')), `${front.kind}: what agents wrote`).toEqual(clean);
    const got = chats.flatMap((chat) => linesOf(front.got(chat), 'd'));
    const known = new Set(uncertain);
    const sure = answered.filter(({ chat, n }) => !known.has(textOf(chat, n, 'd')));
    const verdict = compare(
      sure,
      got.filter(({ chat, n }) => !known.has(textOf(chat, n, 'd'))),
    );
    expect(verdict, `${front.kind}: what customers got`).toEqual(clean);
    const doubled = compare(answered, got).twice;
    expect(doubled, `${front.kind}: what customers got twice`).toEqual([]);
    expect(await desk.stop()).toBe(0);
    return { kind: front.kind, kills, inbound: said.length, outbound: answered.length, uncertain: uncertain.length };
  } finally {
    over = true;
    desk.close();
    await front.close();
  }
}

async function customer(front: Front, chat: string, said: Line[], over: () => boolean): Promise<void> {
  for (let n = 1; !over(); n += 1) {
    said.push({ chat, n });
    await front.write(chat, textOf(chat, n, 'c'));
    await pause(front.everyMs);
  }
}

/** Writes with client ids of its own, again and again until it is answered. */
async function agent(
  desk: DeskUnderFire,
  front: Front,
  chat: string,
  answered: Line[],
  over: () => boolean,
): Promise<void> {
  const ticketId = await ticketOf(desk, chat, over);
  for (let n = 1; ticketId !== null && !over(); n += 1) {
    const body = { clientId: `${chat.codePointAt(0)}-${n}`, text: textOf(chat, n, 'd'), participate: true };
    answered.push({ chat, n });
    const { status } = await desk.insist('POST', `/tickets/${ticketId}/messages`, body);
    expect([200, 201]).toContain(status);
    await pause(front.agentEveryMs);
  }
}

async function ticketOf(desk: DeskUnderFire, chat: string, over: () => boolean): Promise<string | null> {
  while (!over()) {
    const { body } = await desk.insist('GET', '/tickets?limit=100');
    for (const { id } of body.items ?? []) {
      const messages = await desk.insist('GET', `/tickets/${id}/messages`);
      const texts: string[] = (messages.body.items ?? []).map(({ text }: { text: string }) => text);
      if (texts.some((text) => lineOf(text)?.chat === chat)) return id;
    }
    await pause(100);
  }
  return null;
}

/** Waits until what the customers wrote has come in, as long as a backlog may take; what is then missing is lost. */
async function allIn(desk: DeskUnderFire, said: Line[]): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (compare(said, linesOf(await shownIn(desk), 'c')).lost.length === 0) return;
    await pause(500);
  }
}

/** Waits until nothing is on its way any more; answers the texts whose fate is unknown. */
async function settled(desk: DeskUnderFire): Promise<string[]> {
  for (;;) {
    const all = await messagesIn(desk);
    const states = new Map(all.flatMap(({ text, delivery }) => (delivery === null ? [] : [[text, delivery.state]])));
    const open = [...states.values()].some((state) => state === 'queued' || state === 'sending');
    if (!open) return [...states].flatMap(([text, state]) => (state === 'uncertain' ? [text] : []));
    await pause(200);
  }
}

interface Shown {
  text: string;
  delivery: { state: string } | null;
}

async function messagesIn(desk: DeskUnderFire): Promise<Shown[]> {
  const { body } = await desk.insist('GET', '/tickets?limit=100');
  const all: Shown[] = [];
  for (const { id } of body.items) {
    let before = '';
    const pages: Shown[][] = [];
    for (;;) {
      const page = (await desk.insist('GET', `/tickets/${id}/messages?limit=100${before}`)).body;
      pages.unshift(page.items);
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    all.push(...pages.flat());
  }
  return all;
}

const shownIn = async (desk: DeskUnderFire): Promise<string[]> => (await messagesIn(desk)).map(({ text }) => text);

/** Kill rounds are long work: says how far they are. */
const progress = (line: string): boolean => process.stderr.write(`${line}\n`);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
