import { useEffect } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import { explain, faultIn } from '../../../explain.ts';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { attendingDepartments } from '../../../state/catalog.ts';
import { t } from '../../../text.ts';
import { useDraft } from '../draft.ts';

export interface RuleValues {
  name: string;
  departmentId: string;
}

interface RulesProps {
  name: string;
  onDone: (values: RuleValues) => Promise<void>;
  /** Tells that leaving would lose what was typed. */
  onDirty?: (dirty: boolean) => void;
}

/** The step "Regras": what the team calls the channel, and who gets what comes in. */
export function Rules({ name, onDone, onDirty }: RulesProps) {
  const words = t.settings.channels;
  const draft = useDraft<RuleValues>({ name, departmentId: attendingDepartments()[0]?.id ?? '' });
  const { values, fault } = draft;
  useEffect(() => {
    if (draft.dirty) onDirty?.(true);
  }, [draft.dirty]);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        draft.run(() => onDone({ name: values.name.trim(), departmentId: values.departmentId }));
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={values.name}
        required
        maxlength={limits.nameCharacters}
        fault={faultIn(fault, 'name')}
        onText={(text) => draft.set({ name: text })}
      />
      <SelectField
        label={words.department}
        hint={words.departmentHint}
        value={values.departmentId}
        required
        options={attendingDepartments().map((one) => ({ value: one.id, label: one.name }))}
        onText={(departmentId) => draft.set({ departmentId })}
      />
      {fault !== null && faultIn(fault, 'name') === null && (
        <p class="refusal" role="alert">
          {explain(fault)}
        </p>
      )}
      <div class="acts">
        <Button type="submit" kind="primary" busy={draft.busy}>
          {draft.busy ? t.channels.working : t.channels.create}
        </Button>
      </div>
    </form>
  );
}
