import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastOfDesk, merged, unreadAfter } from '#channels/webchat/widget/lines.ts';
import type { Link } from '#channels/webchat/widget/link.ts';
import { toFrame, toPage } from '#channels/webchat/widget/protocol.ts';
import { queueIn, type Waiting } from '#channels/webchat/widget/queue.ts';
import type { Kept } from '#channels/webchat/widget/storage.ts';
import { viewOf } from '#channels/webchat/widget/view.ts';
import { workerOf } from '#channels/webchat/widget/worker.ts';
import type { Answer, ChatLine } from '#shared/live.ts';

const id = (n: number) => n.toString(16).padStart(24, '0');
const at = '2026-11-22T12:00:00.000Z';
const line = (n: number, from: ChatLine['from'], text = `t${n}`): ChatLine => ({
  id: id(n),
  at,
  from,
  name: 'x',
  text,
});

/** Test double of the browser's storage. */
function storageDouble(): Kept & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: (key) => values.get(key) ?? null,
    set: (key, value) => {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
    onChange: () => undefined,
  };
}

/** Test double of the network and the desk behind it. `cut` loses the answer to the next message after it was taken. */
class DeskDouble implements Link {
  up = true;
  cut = false;
  refuse: Answer<never> | null = null;
  readonly lines: ChatLine[] = [];
  readonly keys = new Map<string, ChatLine>();
  readonly calls: string[] = [];
  connected = () => this.up;
  async say({ key, text }: { key: string; text: string }) {
    this.calls.push(`say ${text}`);
    if (this.refuse !== null) return this.refuse;
    const known = this.keys.get(key) ?? this.desk('visitor', text);
    this.keys.set(key, known);
    if (this.cut) {
      this.cut = false;
      this.up = false;
      return null;
    }
    return { ok: true as const, value: known };
  }
  async transcript(after: string | null) {
    this.calls.push(`transcript ${after === null ? 'newest' : Number.parseInt(after, 16)}`);
    const rest = this.lines.filter((one) => after === null || one.id > after);
    return { ok: true as const, value: { lines: rest.slice(0, 2), more: rest.length > 2 } };
  }
  async seen(upTo: string) {
    this.calls.push(`seen ${Number.parseInt(upTo, 16)}`);
    return { ok: true as const, value: null };
  }
  desk(from: ChatLine['from'], text: string): ChatLine {
    const next = line(this.lines.length + 1, from, text);
    this.lines.push(next);
    return next;
  }
}

function opened() {
  const kept = storageDouble();
  const queue = queueIn(kept);
  const view = viewOf(kept, queue);
  const desk = new DeskDouble();
  const worker = workerOf(desk, queue, view);
  const write = (text: string) => queue.add({ key: `k-${text}`, text, name: '', at, tried: false, failed: null });
  const shown = () => view.state().lines.map(({ text }) => text);
  return { kept, queue, view, desk, worker, write, shown };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the widget’s worker', () => {
  it('reads the transcript to its end before it says what was written meanwhile', async () => {
    const { desk, worker, write, shown, queue } = opened();
    for (let n = 1; n <= 5; n += 1) desk.desk('desk', `d${n}`);
    write('oi');
    worker.go();
    await settle();
    expect(desk.calls).toEqual(['transcript newest', 'transcript 2', 'transcript 4', 'say oi']);
    expect(shown()).toEqual(['d1', 'd2', 'd3', 'd4', 'd5', 'oi']);
    expect(queue.all()).toEqual([]);
  });
  it('sends in the order of writing, each once, though an answer is lost', async () => {
    const { desk, worker, write, shown, queue } = opened();
    for (const text of ['um', 'dois', 'três']) write(text);
    desk.cut = true;
    worker.go();
    await settle();
    expect(queue.all().map(({ text, tried }) => [text, tried])).toEqual([
      ['um', true],
      ['dois', false],
      ['três', false],
    ]);
    desk.desk('desk', 'enquanto isso');
    desk.up = true;
    worker.resume();
    await settle();
    expect(desk.calls.slice(2)).toEqual(['say um', 'transcript newest', 'say dois', 'say três']);
    expect(shown()).toEqual(['um', 'enquanto isso', 'dois', 'três']);
    expect(desk.lines.map(({ text }) => text)).toEqual(['um', 'enquanto isso', 'dois', 'três']);
  });
  it('waits and goes on by itself when the desk asks to slow down', async () => {
    const { desk, worker, write, view, queue } = opened();
    desk.refuse = { ok: false, code: 'rate.limited' };
    write('oi');
    worker.go();
    await settle();
    expect(view.state()).toMatchObject({ slowed: true, queue: [{ text: 'oi', failed: null }] });
    desk.refuse = null;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(queue.all()).toEqual([]);
    expect(view.state().slowed).toBe(false);
  });
  it('keeps a refused message with its reason and goes on with the next', async () => {
    const { desk, worker, write, queue } = opened();
    desk.refuse = { ok: false, code: 'input.invalid' };
    write('ruim');
    worker.go();
    await settle();
    desk.refuse = null;
    write('bom');
    worker.go();
    await settle();
    expect(queue.all()).toMatchObject([{ text: 'ruim', failed: 'input.invalid' }]);
    expect(desk.lines.map(({ text }) => text)).toEqual(['bom']);
  });
  it('tells what was seen only while the visitor looks', async () => {
    const { desk, worker, view } = opened();
    desk.desk('desk', 'olá');
    worker.go();
    await settle();
    expect(view.state().unread).toBe(1);
    expect(desk.calls).not.toContain('seen 1');
    view.look(true);
    worker.go();
    await settle();
    expect(view.state().unread).toBe(0);
    expect(desk.calls.filter((call) => call.startsWith('seen'))).toEqual(['seen 1']);
  });
});

describe('the widget’s queue', () => {
  it('reads only messages from what the browser kept', () => {
    const kept = storageDouble();
    const queue = queueIn(kept);
    const message: Waiting = { key: 'k', text: 'oi', name: '', at, tried: false, failed: null };
    for (const bad of ['', '{', 'null', '7', '"x"', '{"a":1}']) {
      kept.set('queue', bad);
      expect(queue.all(), bad).toEqual([]);
    }
    kept.set('queue', JSON.stringify([null, 7, { key: 'k' }, message]));
    expect(queue.all()).toEqual([message]);
    queue.remove('k');
    expect(kept.values.has('queue')).toBe(false);
  });
});

describe('the widget’s lines', () => {
  it('are merged by id, in order, each once', () => {
    const both = merged([line(1, 'desk'), line(4, 'visitor')], [line(4, 'visitor'), line(2, 'desk')]);
    expect(both.map((one) => one.id)).toEqual([id(1), id(2), id(4)]);
    expect(lastOfDesk(both)).toBe(id(2));
    expect(unreadAfter(both, id(1))).toBe(1);
  });
});

describe('what page and frame tell each other', () => {
  it('is read strictly', () => {
    expect(toFrame({ balcao: 'hello', more: 1 })).toEqual({ balcao: 'hello' });
    expect(toFrame({ balcao: 'shown', open: true })).toEqual({ balcao: 'shown', open: true });
    for (const bad of [null, 'hello', 7, {}, { balcao: 'shown' }, { balcao: 'shown', open: 'yes' }, { balcao: 'x' }]) {
      expect(toFrame(bad)).toBeNull();
      expect(toPage(bad)).toBeNull();
    }
    expect(toPage({ balcao: 'unread', count: 3 })).toEqual({ balcao: 'unread', count: 3 });
    for (const bad of [{ balcao: 'unread', count: -1 }, { balcao: 'unread' }, { balcao: 'ready', language: 'xx' }]) {
      expect(toPage(bad)).toBeNull();
    }
  });
});
