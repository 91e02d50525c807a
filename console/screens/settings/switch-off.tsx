import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { t } from '../../text.ts';

interface SwitchOffProps {
  active: boolean;
  /** Sentences of the act: its button, its question, what it brings about; and the way back. */
  words: { off: string; question: string; consequence: string; on: string; state: string };
  /** Reason for which it cannot be switched off. */
  why?: string | null;
  busy: boolean;
  onSwitch: (active: boolean) => void;
}

/** Taking something out of use after telling what that means, and putting it back. Nothing is ever deleted. */
export function SwitchOff({ active, words, why, busy, onSwitch }: SwitchOffProps) {
  const [asking, setAsking] = useState(false);
  if (!active) {
    return (
      <div class="switch">
        <p>{words.state}</p>
        <Button busy={busy} onClick={() => onSwitch(true)}>
          {words.on}
        </Button>
      </div>
    );
  }
  const off = () => {
    setAsking(false);
    onSwitch(false);
  };
  return (
    <div class="switch">
      <p>{why ?? words.consequence}</p>
      <Button kind="danger" busy={busy} why={why ?? null} onClick={() => setAsking(true)}>
        {words.off}
      </Button>
      {asking && (
        <Dialog title={words.question} onClose={() => setAsking(false)}>
          <div class="form">
            <p>{words.consequence}</p>
            <div class="acts">
              <Button onClick={() => setAsking(false)}>{t.settings.registry.cancel}</Button>
              <Button kind="danger" autofocus onClick={off}>
                {words.off}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}
