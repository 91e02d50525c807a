import type { ChatLine } from '#shared/live.ts';
import { lastOfDesk, unreadAfter } from './lines.ts';
import type { LinkState } from './link.ts';
import type { Queue, Waiting } from './queue.ts';
import type { Kept } from './storage.ts';

/** What the window shows. */
export interface ChatState {
  link: LinkState;
  lines: ChatLine[];
  queue: Waiting[];
  /** The desk asked to slow down; the queue goes on by itself. */
  slowed: boolean;
  /** The first page of the transcript is here. */
  loaded: boolean;
  /** Lines of the desk that the visitor has not had before their eyes. */
  unread: number;
}

/** Holds what the window shows and tells when it changes. */
export interface View {
  state(): ChatState;
  /** Takes the fields over; the queue and what was seen are read anew from what the browser keeps. */
  change(fields: Partial<Pick<ChatState, 'link' | 'lines' | 'slowed' | 'loaded'>>): void;
  onChange(listener: () => void): void;
  /** Whether the visitor has the messages before their eyes. */
  looking(): boolean;
  look(visible: boolean): void;
}

/** An empty window. */
export function viewOf(kept: Kept, queue: Queue): View {
  const listeners = new Set<() => void>();
  let visible = false;
  let state: ChatState = {
    link: 'connecting',
    lines: [],
    queue: queue.all(),
    slowed: false,
    loaded: false,
    unread: 0,
  };

  function change(fields: Partial<ChatState>): void {
    const lines = fields.lines ?? state.lines;
    const last = lastOfDesk(lines);
    if (visible && last > (kept.get('seen') ?? '')) kept.set('seen', last);
    state = { ...state, ...fields, queue: queue.all(), unread: unreadAfter(lines, kept.get('seen') ?? '') };
    for (const listener of listeners) listener();
  }

  return {
    state: () => state,
    change,
    onChange: (listener) => listeners.add(listener),
    looking: () => visible,
    look(now) {
      visible = now;
      change({});
    },
  };
}
