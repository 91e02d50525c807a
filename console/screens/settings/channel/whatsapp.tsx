import { useState } from 'preact/hooks';
import type { ChannelView } from '#shared/channel.ts';
import { explain } from '../../../explain.ts';
import { patch, post } from '../../../http.ts';
import { Banner } from '../../../parts/banner.tsx';
import { Button } from '../../../parts/button.tsx';
import { t } from '../../../text.ts';
import { useDraft } from '../draft.ts';
import { Done, TestMessage } from './done.tsx';
import { Frame, type Step } from './frame.tsx';
import { Pairing } from './pairing.tsx';
import type { WizardProps } from './probed-wizard.ts';
import { Rules, type RuleValues } from './rules.tsx';
import { useRemovedUnlinked } from './unlinked.ts';
import { useWatched, type Watched } from './watched.ts';

/** A number linked by its phone. The channel is made first, since there is nothing to link without one. */
export function WhatsAppWizard({ onClose, onDirty, onSaved }: WizardProps) {
  const [step, setStep] = useState<Step>('connect');
  const [made, setMade] = useState<ChannelView | null>(null);
  const { channel, again } = useWatched(made?.id ?? null, 2_000);
  const unlinked = useRemovedUnlinked(channel);
  const begun = (now: ChannelView) => {
    unlinked.onMade(now.id);
    setMade(now);
  };
  async function settle(rules: RuleValues): Promise<void> {
    if (made === null) return;
    setMade(await patch<ChannelView>(`/channels/${made.id}`, rules));
    onDirty(false);
    setStep('done');
  }
  return (
    <Frame title="WhatsApp" step={step} part={made === null ? 'notice' : 'link'} onClose={onClose}>
      {step === 'connect' && channel === null && <Begin onMade={begun} />}
      {step === 'connect' && channel !== null && (
        <Link channel={channel} onAsked={again} onNext={() => setStep('test')} />
      )}
      {step === 'test' && channel !== null && (
        <div class="form">
          <TestMessage channel={channel} />
          <Next onNext={() => setStep('rules')} />
        </div>
      )}
      {step === 'rules' && <Rules name={made?.name ?? 'WhatsApp'} onDone={settle} onDirty={onDirty} />}
      {step === 'done' && made !== null && <Done made={made} onOpen={onSaved} />}
    </Frame>
  );
}

function Begin({ onMade }: { onMade: (channel: ChannelView) => void }) {
  const words = t.channels.whatsapp;
  const draft = useDraft({});
  const begin = () =>
    draft.run(async () => {
      const made = await post<ChannelView>('/channels', { kind: 'whatsapp', name: 'WhatsApp', config: {} });
      onMade(made);
      await post(`/channels/${made.id}/pair`, { method: 'qr' });
    });
  return (
    <div class="form">
      <Banner>
        <span class="notice">{words.notice}</span>
      </Banner>
      {draft.fault !== null && (
        <p class="refusal" role="alert">
          {explain(draft.fault)}
        </p>
      )}
      <div class="acts">
        <Button kind="primary" busy={draft.busy} onClick={begin}>
          {draft.busy ? t.channels.working : words.begin}
        </Button>
      </div>
    </div>
  );
}

function Link({ channel, onAsked, onNext }: { channel: Watched; onAsked: () => void; onNext: () => void }) {
  return (
    <div class="form">
      <Pairing channel={channel} onAsked={onAsked} />
      {channel.connection.phase === 'online' && <Next onNext={onNext} />}
    </div>
  );
}

function Next({ onNext }: { onNext: () => void }) {
  return (
    <div class="acts">
      <Button kind="primary" onClick={onNext}>
        {t.channels.next}
      </Button>
    </div>
  );
}
