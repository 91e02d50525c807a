import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../../parts/button.tsx';
import { say, t } from '../../../text.ts';

const order = ['connect', 'test', 'rules', 'done'] as const;
export type Step = (typeof order)[number];

interface FrameProps {
  title: string;
  /** Null before a kind is chosen. */
  step: Step | null;
  /** Which part of the step is shown, where it has several. */
  part?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** The frame of every wizard: title, where one stands, Esc to leave. The heading of a new step takes the focus, so that it is read. */
export function Frame({ title, step, part, onClose, children }: FrameProps) {
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const heading = body.current?.querySelector<HTMLElement>('h3');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  }, [step, title, part]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open], :popover-open'))
        return;
      event.preventDefault();
      onClose();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
  return (
    <>
      <header>
        <Button kind="quiet" icon="back" class="narrow-only" label={t.parts.back} onClick={onClose} />
        <h2 class="cut">{title}</h2>
        <Button kind="quiet" icon="close" class="wide-only" label={t.settings.registry.close} onClick={onClose} />
      </header>
      {step !== null && <Steps step={step} />}
      <section class="body wizard" ref={body} aria-label={step === null ? undefined : t.channels.steps[step]}>
        {step !== null && step !== 'done' && <Heading step={step} />}
        {children}
      </section>
    </>
  );
}

function Heading({ step }: { step: Exclude<Step, 'done'> }) {
  const { heads, stepOf } = t.channels;
  return (
    <h3>
      <span class="words">{say(stepOf, { n: order.indexOf(step) + 1, all: order.length })}: </span>
      {heads[step]}
    </h3>
  );
}

function Steps({ step }: { step: Step }) {
  const here = order.indexOf(step);
  return (
    <ol class="wizard-steps" aria-label={t.channels.progress}>
      {order.map((one, at) => (
        <li key={one} class={at < here ? 'past' : ''} aria-current={one === step ? 'step' : undefined}>
          <span aria-hidden="true">{at < here ? '✓' : at + 1}</span>
          {t.channels.steps[one]}
        </li>
      ))}
    </ol>
  );
}
