import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useKeys } from '../../keys.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { t } from '../../text.ts';
import type { Source } from './items.ts';
import { List, type Row } from './list.tsx';

// The one component of all registries: a list at the left, a side editor at the right. Keys: `n` makes a new one, Enter
// opens the focused row (a button's own), Ctrl+S saves and Esc leaves the editor.

/** What an editor is handed. */
export interface EditorProps<Item> {
  /** Null: a new one. */
  item: Item | null;
  /** Takes over what the server answered. */
  onSaved: (item: Item) => void;
  /** Tells whether leaving would lose something. */
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
}

interface RegistryProps<Item> {
  title: string;
  lead: string;
  /** What `Novo` makes, as its title. */
  add: string;
  empty: string;
  source: Source<Item>;
  row: (item: Item) => Row;
  editor: (props: EditorProps<Item>) => ComponentChildren;
  /** What the button of the list says instead of "Novo". */
  newWord?: string;
  /** Which item is open at first. */
  first?: string | null;
}

/** Which item the editor holds. */
type Chosen = 'new' | string | null;

/** A registry: list and side editor. What was typed is never left behind without a question. */
export function Registry<Item extends { id: string; name: string; active: boolean }>(props: RegistryProps<Item>) {
  const { title, lead, add, empty, source, row, editor } = props;
  const [chosen, setChosen] = useState<Chosen>(props.first ?? null);
  const [dirty, setDirty] = useState(false);
  const [wanted, setWanted] = useState<{ chosen: Chosen } | null>(null);

  const root = useFocusReturned(chosen);
  const go = (next: Chosen) => {
    setDirty(false);
    setWanted(null);
    setChosen(next);
  };
  const choose = (next: Chosen) => {
    if (next === chosen) return;
    if (dirty) setWanted({ chosen: next });
    else go(next);
  };
  useKeys({ n: () => choose('new') });

  const items = source.items.phase === 'here' ? source.items.items : [];
  const item = chosen === 'new' ? null : (items.find(({ id }) => id === chosen) ?? null);
  const open = chosen === 'new' || item !== null;
  const saved = (now: Item) => {
    source.put(now);
    // The editor that stays open tells by itself what is still unsaved in it.
    if (now.id !== chosen) go(now.id);
  };
  return (
    <div class="registry" data-open={open} ref={root}>
      <List
        {...{ title, lead, empty, source, row, chosen }}
        {...(props.newWord === undefined ? {} : { newWord: props.newWord })}
        onChoose={choose}
        onNew={() => choose('new')}
      />
      <section class="editor" aria-label={item?.name ?? add}>
        {open ? (
          editor({ item, onSaved: saved, onDirty: setDirty, onClose: () => choose(null) })
        ) : (
          <Empty title={t.settings.registry.choose}>
            <Button onClick={() => choose('new')} shortcut="n">
              {add}
            </Button>
          </Empty>
        )}
      </section>
      {wanted && <Discard onDiscard={() => go(wanted.chosen)} onKeep={() => setWanted(null)} />}
    </div>
  );
}

/** The editor has gone with what had the focus: its row gets that, or the button that makes a new one. */
function useFocusReturned(chosen: Chosen) {
  const root = useRef<HTMLDivElement>(null);
  const before = useRef<Chosen>(null);
  useEffect(() => {
    const left = before.current;
    before.current = chosen;
    if (chosen !== null || left === null || document.activeElement !== document.body) return;
    const rows = [...(root.current?.querySelectorAll<HTMLElement>('.items [data-id]') ?? [])];
    const button = root.current?.querySelector<HTMLElement>('.items header button');
    (rows.find((row) => row.dataset.id === left) ?? button)?.focus();
  }, [chosen]);
  return root;
}

function Discard({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  const { discard, discardYes, discardNo } = t.settings.registry;
  return (
    <Dialog title={discard} onClose={onKeep}>
      <div class="form">
        <div class="acts">
          <Button kind="danger" onClick={onDiscard}>
            {discardYes}
          </Button>
          <Button kind="primary" autofocus onClick={onKeep}>
            {discardNo}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
