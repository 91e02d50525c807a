import { useEffect, useState } from 'preact/hooks';
import { ChannelBar } from './channel-bar.tsx';
import { startClock } from './clock.ts';
import { HelpDialog } from './help.tsx';
import { startKeys, useKeys } from './keys.ts';
import { offlineSince } from './live.ts';
import { waiting } from './outbox.ts';
import { Banner } from './parts/banner.tsx';
import { Button } from './parts/button.tsx';
import type { Place } from './place.ts';
import { Rail } from './rail.tsx';
import { lazyScreen } from './screen.tsx';
import { Desk } from './screens/desk.tsx';
import { soundBlocked, unlockSound } from './sound.ts';
import { phoneOpen } from './state/phone.ts';
import { startSync } from './sync.ts';
import { say, t } from './text.ts';
import './style/shell.css';

const Settings = lazyScreen<{ section: string | null }>(() => import('./screens/settings/settings.tsx'));
const Phone = lazyScreen<{ onClose: () => void }>(() => import('./screens/phone/phone.tsx'));

/** The frame of everybody who is signed in: rail, bars, the screen, and the simulator's phone beside it. */
export function Shell({ place }: { place: Place }) {
  const [help, setHelp] = useState(false);
  useEffect(() => {
    const ends = [startSync(), startClock(), startKeys()];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  useKeys({ '?': () => setHelp(true) });
  return (
    <div class="shell">
      {place.screen === 'desk' && (
        // biome-ignore lint/a11y/useValidAnchor: it is a link to the conversation, which goes on to its field where there is one
        <a class="skip" href="#conversation" onClick={toComposer}>
          {t.app.skip}
        </a>
      )}
      <div class="bars">
        <OfflineBar />
        <SoundBar />
        <ChannelBar />
      </div>
      <div class="frame">
        <Rail place={place} onHelp={() => setHelp(true)} />
        {place.screen === 'settings' ? (
          <Settings section={place.section} />
        ) : (
          <Desk ticketId={place.screen === 'desk' ? place.ticketId : null} />
        )}
        {phoneOpen.value && (
          <Phone
            onClose={() => {
              phoneOpen.value = false;
            }}
          />
        )}
      </div>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

/** Skips to the field where one writes, or, where there is none, to the conversation. */
function toComposer(event: MouseEvent): void {
  event.preventDefault();
  (document.getElementById('composer') ?? document.getElementById('conversation'))?.focus();
}

/** Said only when the connection has been away for a moment; it comes back by itself, nobody is asked to do anything. */
function OfflineBar() {
  const since = offlineSince.value;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (since === null) return;
    const timer = setTimeout(() => setShown(true), 1_500);
    return () => clearTimeout(timer);
  }, [since === null]);
  if (!shown || since === null) return null;
  return (
    <Banner>
      {t.app.offline} {say(t.app.offlineQueue, { n: waiting.value.length })}
    </Banner>
  );
}

function SoundBar() {
  if (!soundBlocked.value) return null;
  return (
    <Banner>
      {t.app.soundBlocked}
      <Button kind="link" onClick={unlockSound}>
        {t.app.soundUnlock}
      </Button>
    </Banner>
  );
}
