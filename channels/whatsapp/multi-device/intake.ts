import { type BaileysEventMap, proto, type WAMessage } from '@whiskeysockets/baileys';
import type { Identity } from '#shared/people.ts';
import { unattended } from '#shared/unattended.ts';
import type { ChannelEvent, ChannelHost } from '../../channel.ts';
import { underway } from '../../support/underway.ts';
import type { Clock } from '../tuning.ts';
import { chatWith } from './chat.ts';
import { eventsOf, type InboundMeans, placeholder, timeOf } from './inbound.ts';
import { doneMarks, type OpenRow } from './journal.ts';
import type { Changes } from './key-store.ts';
import { mappedIdentities, Pairs } from './mappings.ts';
import { receiptOf, receiptsOf } from './receipts.ts';
import { encode } from './records.ts';

const { CIPHERTEXT } = proto.WebMessageInfo.StubType;
const { DELIVERY_ACK } = proto.WebMessageInfo.Status;

const againMs = 1_000;

/** Brings everything of the network to the desk. */
export class Intake {
  private readonly host: ChannelHost;
  private readonly means: InboundMeans;
  private readonly mark: (changes: Changes) => void;
  private readonly clock: Clock;
  private readonly pairs = new Pairs();
  private readonly work = underway();

  /** `mark` takes records that say what the desk has; they may wait for the next write. */
  constructor(host: ChannelHost, means: InboundMeans, clock: Clock, mark: (changes: Changes) => void) {
    this.clock = clock;
    this.host = host;
    this.means = means;
    this.mark = mark;
  }

  /** Brings a journal row; rejects only when the desk takes nothing more, and then the row stays. */
  async deliver(row: OpenRow): Promise<void> {
    for (const event of await this.events(row)) {
      if ('from' in event) await this.introduce(event.from.identities);
      await this.receive(event);
    }
    this.mark(doneMarks(row));
  }

  /** What the library hands over itself: placeholders and states; contents came by the journal. */
  messages(messages: WAMessage[]): void {
    for (const message of messages) {
      const { key, status } = message;
      if (key.fromMe === true) {
        const receipt = (status ?? 0) >= DELIVERY_ACK ? receiptOf(key, message) : null;
        if (receipt !== null) this.tell(receipt);
      } else if (!message.message) {
        if (key.isViewOnce === true) this.placehold(message, 'view-once');
        else if (message.messageStubType === CIPHERTEXT) this.placehold(message, 'waiting');
      }
    }
  }

  /** States of our own messages. `toldBySend`: the refusal that a send has already answered with. */
  updates(updates: BaileysEventMap['messages.update'], toldBySend: (externalId: string) => boolean): void {
    for (const receipt of receiptsOf(updates)) {
      if (receipt.status !== 'failed' || !toldBySend(receipt.externalId)) this.tell(receipt);
    }
  }

  mapped(mapping: { lid: string; pn: string }): void {
    const event = this.pairs.news(mappedIdentities(mapping));
    if (event !== null) this.tell(event);
  }

  calls(calls: BaileysEventMap['call']): void {
    for (const { status, isGroup, id, chatId, from, callerPn, date, offline } of calls) {
      if (status !== 'offer' || isGroup === true) continue;
      this.attempt(async () => {
        const chat = await chatWith(chatId || from, callerPn, this.means.mappings);
        if (chat === null) return;
        const event = placeholder(chat, '', id, timeOf(date.getTime() / 1_000), 'call');
        await this.receive(offline ? { ...event, backlog: true } : event);
      });
    }
  }

  /** Resolves when nothing is on its way to the desk; rows are the pump's. */
  async drained(): Promise<void> {
    await this.work.drained();
  }

  private async events(row: OpenRow): Promise<ChannelEvent[]> {
    try {
      return await eventsOf(row, this.means);
    } catch (error) {
      if (this.host.signal.aborted) throw error;
      this.host.log('a message of WhatsApp could not be read', {
        fault: error instanceof Error ? error.name : 'unknown',
      });
      const { attrs, plain, hash } = row;
      const raw = encode({ attrs, plain });
      return [{ type: 'unreadable', key: hash, at: timeOf(attrs.t), reason: 'whatsapp.unreadable', raw }];
    }
  }

  private async introduce(identities: Identity[]): Promise<void> {
    const event = this.pairs.news(identities);
    if (event !== null) await this.receive(event);
  }

  private placehold({ key, messageTimestamp, pushName }: WAMessage, missing: string): void {
    this.attempt(async () => {
      const chat = await chatWith(key.remoteJid, key.remoteJidAlt, this.means.mappings);
      if (chat === null || !key.id) return;
      await this.receive(placeholder(chat, pushName ?? '', key.id, timeOf(messageTimestamp), missing));
    });
  }

  private tell(event: ChannelEvent): void {
    this.attempt(async () => {
      await this.receive(event);
    });
  }

  /** For what nobody waits for. It fails only when the lease is lost, and then there is nothing to be done. */
  private attempt(work: () => Promise<void>): void {
    unattended(this.work.run(work), 'an event of WhatsApp');
  }

  /**
   * The desk promises to reject only when the lease is lost. Should it break that, the row must not be left lying: a
   * channel that hears and does not tell would lose everything from then on.
   */
  private async receive(event: ChannelEvent): Promise<void> {
    for (;;) {
      try {
        await this.host.receive(event);
        return;
      } catch (error) {
        if (this.host.signal.aborted) throw error;
        this.host.log('the desk did not take an event', { type: event.type });
        await this.clock.sleep(againMs, this.host.signal);
      }
    }
  }
}
