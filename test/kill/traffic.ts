import { expect } from 'vitest';
import type { Front } from './fronts/front.ts';
import { clean, compare, type Line } from './ledger.ts';

/** Where agents work: insists until it is answered, as a client with a client id does. */
export interface Reception {
  // biome-ignore lint/suspicious/noExplicitAny: tests read what JSON brings and assert on it
  insist(method: string, path: string, body?: object): Promise<{ status: number; body: any }>;
}

interface Shown {
  text: string;
  delivery: { state: string } | null;
}

const chats = ['um', 'dois', 'tres'];
/** A backlog may take its time; when nothing has moved for so long, what is missing is lost and what is on its way is stuck. */
const patienceMs = 120_000;

/** Customers and agents of one network that write numbered lines to each other until they are told to stop. */
export class Traffic {
  readonly said: Line[] = [];
  readonly answered: Line[] = [];
  private readonly front: Front;
  private readonly reception: Reception;
  private readonly slower: number;
  private over = false;
  private running: Promise<unknown> = Promise.resolve();

  /** `slower`: how many times slower than the network carries, for stories that last. */
  constructor(front: Front, reception: Reception, slower = 1) {
    this.front = front;
    this.reception = reception;
    this.slower = slower;
  }

  begin(): void {
    this.running = Promise.all(chats.flatMap((chat) => [this.customer(chat), this.agent(chat)]));
    // Whoever stops it hears of its faults.
    this.running.catch(() => undefined);
  }

  /** Nobody begins anything more. */
  stop(): void {
    this.over = true;
  }

  /** Resolves when all that agents have begun is answered. */
  async ended(): Promise<void> {
    this.stop();
    await this.running;
  }

  /**
   * Once nothing is on its way any more: holds what the desk shows and what the customers got against what was said.
   * Answers how many sends have a fate that nobody knows; those alone may be missing, and none may have come twice.
   */
  async check(): Promise<number> {
    const { kind } = this.front;
    await this.allIn();
    const uncertain = new Set(await this.settled());
    const shown = (await this.messages()).map(({ text }) => text);
    expect(compare(this.said, this.linesOf(shown, 'c')), `${kind}: what customers wrote`).toEqual(clean);
    expect(compare(this.answered, this.linesOf(shown, 'd')), `${kind}: what agents wrote`).toEqual(clean);
    const got = chats.flatMap((chat) => this.linesOf(this.front.got(chat), 'd'));
    const sure = ({ chat, n }: Line): boolean => !uncertain.has(this.textOf(chat, n, 'd'));
    const verdict = compare(this.answered.filter(sure), got.filter(sure));
    expect(verdict, `${kind}: what customers got`).toEqual(clean);
    expect(compare(this.answered, got).twice, `${kind}: what customers got twice`).toEqual([]);
    return uncertain.size;
  }

  private textOf(chat: string, n: number, by: 'c' | 'd'): string {
    return `${by}:${this.front.kind}${chat}:${n}`;
  }

  private linesOf(texts: string[], by: 'c' | 'd'): Line[] {
    const line = new RegExp(`^${by}:${this.front.kind}([a-z]+):(\\d+)$`);
    return texts.flatMap((text) => {
      const [, chat = '', n = ''] = line.exec(text.trim()) ?? [];
      return chat === '' ? [] : [{ chat, n: Number(n) }];
    });
  }

  private async customer(chat: string): Promise<void> {
    for (let n = 1; !this.over; n += 1) {
      this.said.push({ chat, n });
      await this.front.write(chat, this.textOf(chat, n, 'c'));
      await pause(this.front.everyMs * this.slower);
    }
  }

  private async agent(chat: string): Promise<void> {
    const ticketId = await this.ticketOf(chat);
    for (let n = 1; ticketId !== null && !this.over; n += 1) {
      const clientId = `${this.front.kind}-${chat}-${n}`;
      const body = { clientId, text: this.textOf(chat, n, 'd'), participate: true };
      this.answered.push({ chat, n });
      const { status } = await this.reception.insist('POST', `/tickets/${ticketId}/messages`, body);
      expect([200, 201]).toContain(status);
      await pause(this.front.agentEveryMs * this.slower);
    }
  }

  private async ticketOf(chat: string): Promise<string | null> {
    while (!this.over) {
      for (const ticketId of await this.ticketIds()) {
        const { body } = await this.reception.insist('GET', `/tickets/${ticketId}/messages`);
        const texts: string[] = (body.items ?? []).map(({ text }: Shown) => text);
        if (this.linesOf(texts, 'c').some((line) => line.chat === chat)) return ticketId;
      }
      await pause(100);
    }
    return null;
  }

  private async ticketIds(): Promise<string[]> {
    const { body } = await this.reception.insist('GET', '/tickets?limit=100');
    const own = (body.items ?? []).filter(({ channel }: { channel: string }) => channel === this.front.kind);
    return own.map(({ id }: { id: string }) => id);
  }

  private async messages(): Promise<Shown[]> {
    const all: Shown[] = [];
    for (const ticketId of await this.ticketIds()) {
      let before = '';
      const pages: Shown[][] = [];
      for (;;) {
        const path = `/tickets/${ticketId}/messages?limit=100${before}`;
        const { body } = await this.reception.insist('GET', path);
        pages.unshift(body.items);
        if (body.next === null) break;
        before = `&before=${body.next}`;
      }
      all.push(...pages.flat());
    }
    return all;
  }

  /** Waits until what the customers wrote has come in. */
  private async allIn(): Promise<void> {
    const patience = patient();
    for (;;) {
      const shown = (await this.messages()).map(({ text }) => text);
      const { length } = compare(this.said, this.linesOf(shown, 'c')).lost;
      if (length === 0 || patience.over(length)) return;
      await pause(500);
    }
  }

  /** Waits until nothing is on its way any more; answers the texts whose fate is unknown. */
  private async settled(): Promise<string[]> {
    const patience = patient();
    for (;;) {
      const all = await this.messages();
      const states = new Map(all.flatMap(({ text, delivery }) => (delivery === null ? [] : [[text, delivery.state]])));
      const open = [...states].filter(([, state]) => state === 'queued' || state === 'sending');
      if (open.length === 0) return [...states].flatMap(([text, state]) => (state === 'uncertain' ? [text] : []));
      if (patience.over(open.length)) throw new Error(`${this.front.kind}: never sent: ${open.join(' ')}`);
      await pause(300);
    }
  }
}

/** Waits on while a number falls. */
function patient(): { over(left: number): boolean } {
  let least = Number.POSITIVE_INFINITY;
  let until = 0;
  return {
    over(left) {
      if (left < least) until = Date.now() + patienceMs;
      least = Math.min(least, left);
      return Date.now() > until;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
