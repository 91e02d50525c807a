import type { Department } from '#shared/catalog.ts';
import { departmentColors } from '#shared/catalog.ts';
import { limits } from '#shared/limits.ts';
import { faultIn } from '../../explain.ts';
import { patch, post } from '../../http.ts';
import { Check } from '../../parts/check.tsx';
import { TextField } from '../../parts/field.tsx';
import { Pill, Square } from '../../parts/pill.tsx';
import { Refused } from '../../refused.ts';
import { say, t } from '../../text.ts';
import { useDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { useItems } from './items.ts';
import { type EditorProps, Registry } from './registry.tsx';
import { SwitchOff } from './switch-off.tsx';

/** The departments of the company. */
export function Departments() {
  const source = useItems<Department>('/departments');
  const words = t.settings.departments;
  return (
    <Registry
      title={t.settings.sections.departments}
      lead={words.lead}
      add={words.add}
      empty={words.empty}
      source={source}
      row={({ name, color, attends, active }) => ({
        before: <Square color={color} />,
        title: name,
        detail: attends ? words.attends : words.attendsNot,
        marks: active ? null : <Pill>{t.settings.registry.inactiveOne}</Pill>,
        words: [],
      })}
      editor={(props) => <DepartmentEditor key={props.item?.id ?? 'new'} {...props} />}
    />
  );
}

function DepartmentEditor({ item, onSaved, onDirty, onClose }: EditorProps<Department>) {
  const words = t.settings.departments;
  const first = { name: item?.name ?? '', color: item?.color ?? 0, attends: item?.attends ?? true };
  const draft = useDraft(first);
  const { name, color, attends } = draft.values;
  const write = async (changes: Partial<Department>) =>
    onSaved(
      item === null
        ? await post<Department>('/departments', { name: name.trim() })
        : await patch<Department>(`/departments/${item.id}`, changes),
    );
  return (
    <Editor
      title={item?.name ?? words.add}
      {...{ draft, onDirty, onClose }}
      fresh={item === null}
      fields={['name', 'department.name-taken']}
      onSave={() => write({ name: name.trim(), color, attends })}
      more={
        item && (
          <DepartmentSwitch
            item={item}
            busy={draft.busy}
            onSwitch={(active) => draft.run(() => write({ active }), 'keep')}
          />
        )
      }
    >
      <TextField
        label={words.name}
        value={name}
        required
        maxlength={limits.nameCharacters}
        fault={nameFault(draft.fault)}
        onText={(text) => draft.set({ name: text })}
      />
      {item !== null && (
        <>
          <Colors color={color} onColor={(next) => draft.set({ color: next })} />
          <Check
            label={words.attends}
            hint={words.attendsHint}
            checked={attends}
            onCheck={(next) => draft.set({ attends: next })}
          />
        </>
      )}
    </Editor>
  );
}

function nameFault(fault: unknown): string | null {
  const taken = fault instanceof Refused && fault.code === 'department.name-taken';
  return taken ? t.errors['department.name-taken'] : faultIn(fault, 'name');
}

function Colors({ color, onColor }: { color: number; onColor: (color: number) => void }) {
  const words = t.settings.departments;
  return (
    <fieldset class="colors">
      <legend>{words.color}</legend>
      {Array.from({ length: departmentColors }, (_, n) => (
        <label key={n} style={{ background: `var(--department-${n})` }}>
          <input type="radio" name="color" checked={n === color} onChange={() => onColor(n)} />
          <span class="words">{say(words.colorOf, { n: n + 1 })}</span>
        </label>
      ))}
    </fieldset>
  );
}

function DepartmentSwitch({
  item,
  busy,
  onSwitch,
}: {
  item: Department;
  busy: boolean;
  onSwitch: (active: boolean) => void;
}) {
  const words = t.settings.departments;
  return (
    <SwitchOff
      active={item.active}
      busy={busy}
      words={{
        off: words.deactivate,
        question: say(words.deactivateTitle, { name: item.name }),
        consequence: words.deactivateText,
        on: words.activate,
        state: words.activateText,
      }}
      onSwitch={onSwitch}
    />
  );
}
