import { newClientId } from '#shared/client-id.ts';
import { merged } from './lines.ts';
import { openLink } from './link.ts';
import { queueIn } from './queue.ts';
import type { Kept } from './storage.ts';
import { type ChatState, viewOf } from './view.ts';
import { type Worker, workerOf } from './worker.ts';

/** A visitor's conversation with one desk. */
export interface Conversation {
  state(): ChatState;
  onChange(listener: () => void): void;
  /** Queues the text and sends it as soon as it can be sent. */
  say(text: string, name: string): void;
  /** Sends a refused message again. */
  retry(key: string): void;
  discard(key: string): void;
  /** Whether the visitor has the messages before their eyes. */
  look(visible: boolean): void;
}

/** Opens the conversation; it lasts as long as the page. */
export function converse(publicId: string, kept: Kept): Conversation {
  const queue = queueIn(kept);
  const view = viewOf(kept, queue);
  const link = openLink(publicId, kept, {
    changed(state) {
      view.change({ link: state });
      if (state === 'online') worker.resume();
    },
    line(line) {
      if (line.from === 'desk') view.change({ lines: merged(view.state().lines, [line]) });
      // Asking for it tells the desk that it is here, and finds what was missed before it.
      worker.behind();
    },
  });
  const worker: Worker = workerOf(link, queue, view);
  const changed = () => {
    view.change({});
    worker.go();
  };
  kept.onChange((key) => {
    if (key === 'queue' || key === 'seen') changed();
  });
  return {
    state: view.state,
    onChange: view.onChange,
    say(text, name) {
      queue.add({ key: newClientId(), text, name, at: new Date().toISOString(), tried: false, failed: null });
      changed();
    },
    retry(key) {
      queue.change(key, { failed: null });
      changed();
    },
    discard(key) {
      queue.remove(key);
      changed();
    },
    look(visible) {
      view.look(visible);
      worker.go();
    },
  };
}
