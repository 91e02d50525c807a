import { useState } from 'preact/hooks';
import type { ChannelKind, ChannelView } from '#shared/channel.ts';
import { post } from '../../../http.ts';
import type { Probed } from './checks.tsx';
import type { Step } from './frame.tsx';
import type { RuleValues } from './rules.tsx';

/** What every wizard is handed. */
export interface WizardProps {
  onClose: () => void;
  /** Tells whether leaving would lose something. */
  onDirty: (dirty: boolean) => void;
  onSaved: (channel: ChannelView) => void;
}

interface ProbedWizard {
  step: Step;
  go: (step: Step) => void;
  /** How the settings did when they were tried; null before. */
  probed: Probed | null;
  /** Takes in settings that held when they were tried. */
  onProbed: (probed: Probed, config: Record<string, unknown>) => void;
  /** The channel, once it is made. */
  made: ChannelView | null;
  /** Makes the channel of the settings that held. */
  create: (rules: RuleValues) => Promise<void>;
}

/** The way of a wizard whose settings are tried before there is a channel. */
export function useProbedWizard(kind: ChannelKind, onDirty: WizardProps['onDirty']): ProbedWizard {
  const [step, go] = useState<Step>('connect');
  const [config, setConfig] = useState<Record<string, unknown>>({});
  const [probed, setProbed] = useState<Probed | null>(null);
  const [made, setMade] = useState<ChannelView | null>(null);
  return {
    step,
    go,
    probed,
    made,
    onProbed(now, used) {
      setProbed(now);
      setConfig(used);
      go('test');
    },
    async create(rules) {
      const settings = { ...config, ...probed?.settings };
      setMade(await post<ChannelView>('/channels', { kind, ...rules, config: settings }));
      onDirty(false);
      go('done');
    },
  };
}
