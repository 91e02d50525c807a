import type { ComponentChildren, Ref } from 'preact';
import { useId, useState } from 'preact/hooks';
import { say, t } from '../text.ts';

// Fields: label above, hint or fault below, native constraints (`required`, `maxlength`, `type`) as the only checks.
// The fault of a constraint appears when the field is left or the form refused; a server's fault comes in as `fault`.
// `onText` gives the text; uncontrolled fields are read with FormData by their `name`.

interface Frame {
  label: string;
  hint?: ComponentChildren;
  /** Why the server refused this field. */
  fault?: string | null;
  /** Writes "opcional" beside the label. */
  optional?: boolean;
}

/** Attributes of an input or text area that forms use. */
interface TextAttributes {
  name?: string;
  /** With `onText`; for a field read by its form use `defaultValue`, or drawing again would put the old text back. */
  value?: string;
  defaultValue?: string;
  placeholder?: string;
  required?: boolean;
  minlength?: number;
  maxlength?: number;
  pattern?: string;
  autocomplete?: string;
  autofocus?: boolean;
  disabled?: boolean;
  readonly?: boolean;
  spellcheck?: boolean;
  onText?: (text: string) => void;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A label with any control below; `children` gets the ids that tie them together. */
export function Field(props: Frame & { children: (ids: { id: string; describedBy: string }) => ComponentChildren }) {
  const id = useId();
  const describedBy = `${id}-about`;
  return (
    <div class="field">
      <label for={id}>
        {props.label} {props.optional && <span class="optional">({t.parts.optional})</span>}
      </label>
      {props.children({ id, describedBy })}
      <div id={describedBy}>
        {props.fault ? (
          <span class="fault" role="alert">
            {props.fault}
          </span>
        ) : (
          props.hint && <span class="hint">{props.hint}</span>
        )}
      </div>
    </div>
  );
}

/** The sentence for the constraint that a control breaks, null when it breaks none. */
export function faultOf(control: Control): string | null {
  const { validity } = control;
  if (validity.valid) return null;
  if (validity.valueMissing) return t.parts.required;
  if (validity.typeMismatch) return t.parts.notAnEmail;
  if (validity.tooShort) return say(t.parts.tooShort, { n: control.getAttribute('minlength') ?? 0 });
  if (validity.tooLong) return say(t.parts.tooLong, { n: control.getAttribute('maxlength') ?? 0 });
  return t.parts.wrong;
}

function useFault(fault: string | null | undefined) {
  const [own, setOwn] = useState<string | null>(null);
  const check = (event: { currentTarget: Control }) => setOwn(faultOf(event.currentTarget));
  const watch = {
    onBlur: (event: FocusEvent & { currentTarget: Control }) => {
      if (event.currentTarget.value !== '') check(event);
    },
    onInvalid: (event: Event & { currentTarget: Control }) => {
      // Our own sentence takes the place of the browser's bubble; the focus still goes to the first faulty field.
      event.preventDefault();
      check(event);
      const first = event.currentTarget.form?.querySelector<HTMLElement>(':is(input, textarea, select):invalid');
      if (first === event.currentTarget) first.focus();
    },
  };
  return { shown: own ?? fault ?? null, clear: () => setOwn(null), watch };
}

interface TextProps extends Frame, TextAttributes {
  type?: 'text' | 'email' | 'password' | 'search' | 'tel' | 'url' | 'datetime-local';
  inputmode?: 'text' | 'email' | 'tel' | 'url' | 'numeric';
  min?: string;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextField({ label, hint, fault, optional, onText, ...input }: TextProps) {
  const { shown, clear, watch } = useFault(fault);
  return (
    <Field label={label} hint={hint} fault={shown} optional={optional}>
      {({ id, describedBy }) => (
        <input
          {...(input as object)}
          {...watch}
          class="input"
          id={id}
          aria-describedby={describedBy}
          aria-invalid={shown ? 'true' : undefined}
          onInput={(event) => {
            clear();
            onText?.(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

interface AreaProps extends Frame, TextAttributes {
  rows?: number;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text. */
export function TextArea({ label, hint, fault, optional, onText, ...area }: AreaProps) {
  const { shown, clear, watch } = useFault(fault);
  return (
    <Field label={label} hint={hint} fault={shown} optional={optional}>
      {({ id, describedBy }) => (
        <textarea
          class="input"
          rows={3}
          {...area}
          {...watch}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={shown ? 'true' : undefined}
          onInput={(event) => {
            clear();
            onText?.(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

interface SelectProps extends Frame {
  name?: string;
  value?: string;
  defaultValue?: string;
  required?: boolean;
  autofocus?: boolean;
  disabled?: boolean;
  options: readonly { value: string; label: string; disabled?: boolean }[];
  /** Text of the first, empty choice; without it the first option is chosen. */
  empty?: string;
  onText?: (value: string) => void;
  ref?: Ref<HTMLSelectElement>;
}

/** One of several. */
export function SelectField(props: SelectProps) {
  const { label, hint, fault, optional, onText, options, empty, value, defaultValue, ...select } = props;
  const { shown, clear, watch } = useFault(fault);
  return (
    <Field label={label} hint={hint} fault={shown} optional={optional}>
      {({ id, describedBy }) => (
        <select
          class="input"
          {...select}
          {...watch}
          id={id}
          value={value}
          aria-describedby={describedBy}
          aria-invalid={shown ? 'true' : undefined}
          onChange={(event) => {
            clear();
            onText?.(event.currentTarget.value);
          }}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map((option) => (
            <option
              key={option.value}
              value={option.value}
              disabled={option.disabled}
              selected={option.value === (value ?? defaultValue)}
            >
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
