import type { Code } from '#shared/errors.ts';
import { unattended } from '#shared/unattended.ts';
import { lastOfDesk, merged } from './lines.ts';
import type { Link } from './link.ts';
import type { Queue, Waiting } from './queue.ts';
import type { View } from './view.ts';

/** Does what is to be done, one thing at a time: an own line never shows beside its waiting copy, and order is kept. */
export interface Worker {
  /** Something may have changed: looks for work. */
  go(): void;
  /** The desk may have lines that are not here. */
  behind(): void;
  /** Connected again: no pause counts any more. */
  resume(): void;
}

interface Work {
  link: Link;
  queue: Queue;
  view: View;
  /** Everything up to this line is here; null before the first page. */
  cursor: string | null;
  behind: boolean;
  toldSeen: string;
  pause: number;
  pausedUntil: number;
  go(): void;
}

const pauseLeastMs = 2_000;
const pauseMostMs = 30_000;
/** Refusals that time heals; any other stays with its message. */
const passing: readonly Code[] = ['rate.limited', 'service.unavailable', 'internal', 'setup.required'];

/** The worker of one window. */
export function workerOf(link: Link, queue: Queue, view: View): Worker {
  let running = false;
  const work: Work = {
    ...{ link, queue, view, cursor: null, behind: true, toldSeen: '', pause: 0, pausedUntil: 0 },
    go: () => unattended(run(), 'web chat'),
  };

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      let more = true;
      while (more && link.connected()) more = await step(work);
    } finally {
      running = false;
    }
  }

  return {
    go: work.go,
    behind() {
      work.behind = true;
      work.go();
    },
    resume() {
      work.pausedUntil = 0;
      work.behind = true;
      work.go();
    },
  };
}

/** One thing; false when there is nothing to do now. What may have arrived without its answer comes first. */
async function step(work: Work): Promise<boolean> {
  const { queue, view } = work;
  if (Date.now() < work.pausedUntil) return false;
  const next = queue.next();
  if (next?.tried === true) return await sayNext(work, next);
  if (work.behind) return await readOn(work);
  if (next !== null) return await sayNext(work, next);
  const upTo = lastOfDesk(view.state().lines);
  if (view.looking() && upTo > work.toldSeen) return await tellSeen(work, upTo);
  return false;
}

async function sayNext(work: Work, { key, text, name }: Waiting): Promise<boolean> {
  const { link, queue, view } = work;
  queue.change(key, { tried: true });
  const answer = await link.say({ key, text, ...(name === '' ? {} : { name }) });
  if (answer?.ok === true) {
    work.pause = 0;
    queue.remove(key);
    view.change({ lines: merged(view.state().lines, [answer.value]), slowed: false });
    return true;
  }
  if (answer === null || passing.includes(answer.code)) {
    rest(work);
    view.change({ slowed: answer?.code === 'rate.limited' });
    return false;
  }
  queue.change(key, { failed: answer.code });
  view.change({});
  return true;
}

async function readOn(work: Work): Promise<boolean> {
  const { link, view } = work;
  work.behind = false;
  const answer = await link.transcript(work.cursor);
  if (answer?.ok !== true) {
    work.behind = true;
    rest(work);
    return false;
  }
  const { lines, more } = answer.value;
  work.cursor = lines.at(-1)?.id ?? work.cursor;
  work.behind ||= more;
  view.change({ lines: merged(view.state().lines, lines), loaded: true });
  return true;
}

async function tellSeen(work: Work, upTo: string): Promise<boolean> {
  const answer = await work.link.seen(upTo);
  if (answer?.ok === true) {
    work.toldSeen = upTo;
    return true;
  }
  rest(work);
  return false;
}

/** Longer from time to time, so that a desk in trouble is not asked more than it can answer. */
function rest(work: Work): void {
  work.pause = Math.min(pauseMostMs, Math.max(pauseLeastMs, work.pause * 2));
  work.pausedUntil = Date.now() + work.pause;
  setTimeout(work.go, work.pause + 10);
}
