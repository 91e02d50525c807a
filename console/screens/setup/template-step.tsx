import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SetupBody } from '#shared/api.ts';
import { type Template, templates } from '#shared/company.ts';
import { explain } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { Check } from '../../parts/check.tsx';
import { say, t } from '../../text.ts';
import { Door } from '../sign-in/door.tsx';

interface TemplateStepProps {
  busy: boolean;
  fault: unknown;
  onBack: () => void;
  onChoose: (choice: Pick<SetupBody, 'template' | 'sampleData'>) => void;
}

/** What kind of business it is, and whether made-up customers come with it. */
export function TemplateStep({ busy, fault, onBack, onChoose }: TemplateStepProps) {
  const [template, setTemplate] = useState<Template>('internet-provider');
  const [sampleData, setSampleData] = useState(true);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>(':checked')?.focus(), []);
  return (
    <Door wide above={say(t.setup.step, { n: 2 })} title={t.setup.templateTitle} lead={t.setup.templateLead}>
      <form
        ref={form}
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) onChoose({ template, sampleData });
        }}
      >
        <fieldset class="templates">
          <legend class="words">{t.setup.templateTitle}</legend>
          {templates.map((name) => (
            <TemplateCard key={name} name={name} chosen={name === template} onChoose={() => setTemplate(name)} />
          ))}
        </fieldset>
        <Check label={t.setup.sampleData} hint={t.setup.sampleDataHint} checked={sampleData} onCheck={setSampleData} />
        {fault !== null && (
          <p class="refusal" role="alert">
            {explain(fault)}
          </p>
        )}
        <div class="acts">
          <span class="working" role="status">
            {busy ? t.setup.working : ''}
          </span>
          <Button onClick={onBack} busy={busy}>
            {t.setup.back}
          </Button>
          <Button type="submit" kind="primary" busy={busy}>
            {t.setup.finish}
          </Button>
        </div>
      </form>
    </Door>
  );
}

function TemplateCard({ name, chosen, onChoose }: { name: Template; chosen: boolean; onChoose: () => void }) {
  const { name: title, brings } = t.setup.template[name];
  return (
    <label class="template">
      <input type="radio" name="template" value={name} checked={chosen} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        <span class="brings">{brings}</span>
      </span>
    </label>
  );
}
