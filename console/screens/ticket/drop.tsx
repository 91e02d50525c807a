import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import type { TicketView } from '#shared/ticket.ts';
import { Icon } from '../../parts/icon.tsx';
import { limitOf } from '../../parts/measures.ts';
import { mostBytes } from '../../state/reply-files.ts';
import { say, t } from '../../text.ts';
import { carriesOf, take } from './attaching.tsx';
import './drop.css';

/** Files are held over the page at this moment; `why`: they cannot be attached here. */
const held = signal<{ why: string | null } | null>(null);

/**
 * Files that are dropped anywhere on the page go into the reply of the open ticket. With `why` they are refused; a browser
 * left to itself would leave the console and show the file.
 */
export function useDrop(ticket: TicketView, why: string | null): void {
  useLayoutEffect(() => {
    const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = why === null ? 'copy' : 'none';
      if (held.value?.why !== why) held.value = { why };
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) held.value = null;
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      held.value = null;
      if (why === null) take(ticket, event.dataTransfer?.files ?? []);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      held.value = null;
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [ticket.id, ticket.channel, why]);
}

/** Lies over the thread while files are held over the page: what may be dropped here, or why nothing may. */
export function DropZone({ ticket }: { ticket: TicketView }) {
  if (held.value === null) return null;
  const { why } = held.value;
  const given = carriesOf(ticket);
  if (why !== null || given === null) {
    return (
      <div class="drop-zone refused" role="status">
        <Icon name="warning" size={28} />
        <strong>{t.media.drop.refused}</strong>
        <span>{why}</span>
      </div>
    );
  }
  return (
    <div class="drop-zone" role="status">
      <Icon name="clip" size={28} />
      <strong>{t.media.dropHere}</strong>
      <span>{say(t.media.limit, { size: limitOf(mostBytes(given)) })}</span>
      <span>{say(given.files === 1 ? t.media.drop.mostApart : t.media.drop.most, { most: limits.filesMost })}</span>
    </div>
  );
}
