import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Empty, Failed } from '../../parts/empty.tsx';
import { say, t } from '../../text.ts';
import type { Source } from './items.ts';
import { matching, type Shown } from './matching.ts';

/** One row: two lines and what stands at their right. */
export interface Row {
  before: ComponentChildren;
  title: ComponentChildren;
  detail: ComponentChildren;
  marks: ComponentChildren;
  /** What the search looks into besides the name. */
  words: readonly string[];
  /** A heading under which it stands, with the others of the same. */
  group?: string;
}

interface ListProps<Item> {
  title: string;
  lead: string;
  empty: string;
  source: Source<Item>;
  row: (item: Item) => Row;
  chosen: string | null;
  onChoose: (id: string) => void;
  onNew: () => void;
  /** What the button says instead of "Novo". */
  newWord?: string;
}

type Named = { id: string; name: string; active: boolean };

/** The left side of a registry. */
export function List<Item extends Named>(props: ListProps<Item>) {
  const { title, lead, source, onNew } = props;
  const [q, setQ] = useState('');
  const [shown, setShown] = useState<Shown>('active');
  const { registry } = t.settings;
  return (
    <section class="items" aria-labelledby="registry-title">
      <header>
        <h2 id="registry-title">{title}</h2>
        <Button kind="primary" shortcut="n" onClick={onNew}>
          {props.newWord ?? registry.add}
        </Button>
        <p>{lead}</p>
      </header>
      <div class="filters">
        <input
          class="input"
          type="search"
          placeholder={registry.search}
          aria-label={registry.search}
          value={q}
          onInput={(event) => setQ(event.currentTarget.value)}
        />
        <fieldset class="segments">
          <legend class="words">{registry.state}</legend>
          {(['active', 'inactive', 'all'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={shown === one} onClick={() => setShown(one)}>
              {registry[one]}
            </button>
          ))}
        </fieldset>
      </div>
      {source.items.phase === 'failed' ? (
        <Failed reason={source.items.why} onRetry={source.retry} />
      ) : source.items.phase === 'loading' ? (
        <Waiting />
      ) : (
        <Rows {...props} items={matching(source.items.items, props.row, q, shown)} q={q} />
      )}
    </section>
  );
}

function Rows<Item extends Named>(props: ListProps<Item> & { items: readonly Item[]; q: string }) {
  const { items, q, source, empty, row, chosen, onChoose } = props;
  const { registry } = t.settings;
  if (items.length === 0) {
    const nothing = source.items.phase === 'here' && source.items.items.length === 0;
    const title = nothing ? empty : q.trim() === '' ? registry.none : say(registry.noMatch, { q: q.trim() });
    return <Empty title={title} />;
  }
  const drawn = items.map((item) => ({ item, row: row(item) }));
  // Groups stand in the order of the source; within them the items are sorted.
  const all = source.items.phase === 'here' ? source.items.items.map((item) => row(item).group) : [];
  const groups = [...new Set(all)].filter((group) => drawn.some((one) => one.row.group === group));
  return (
    <div class="rows">
      {groups.map((group) => (
        <section key={group ?? ''} aria-label={group}>
          {group !== undefined && <h3 class="group">{group}</h3>}
          <ul>
            {drawn
              .filter((one) => one.row.group === group)
              .map((one) => (
                <Line key={one.item.id} {...one} chosen={chosen} onChoose={onChoose} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface LineProps {
  item: Named;
  row: Row;
  chosen: string | null;
  onChoose: (id: string) => void;
}

function Line({ item, row: { before, title, detail, marks }, chosen, onChoose }: LineProps) {
  return (
    <li>
      <button
        type="button"
        class={item.active ? 'item' : 'item inactive'}
        data-id={item.id}
        aria-current={item.id === chosen}
        onClick={() => onChoose(item.id)}
      >
        {before}
        <span class="texts">
          <span class="cut">{title}</span>
          <span class="cut detail">{detail}</span>
        </span>
        <span class="marks">{marks}</span>
      </button>
    </li>
  );
}

function Waiting() {
  return (
    <div class="rows" role="status">
      <span class="words">{t.settings.registry.loading}</span>
      {[1, 2, 3].map((n) => (
        <div key={n} class="item">
          <span class="skeleton disc" />
          <span class="texts">
            <span class="skeleton line" />
            <span class="skeleton line short" />
          </span>
        </div>
      ))}
    </div>
  );
}
