import { useEffect } from 'preact/hooks';
import { LocationProvider, useLocation } from 'preact-iso';
import type { SetupState } from '#shared/api.ts';
import { unattended } from '#shared/unattended.ts';
import { get } from './http.ts';
import { Empty } from './parts/empty.tsx';
import { Toasts } from './parts/toast.tsx';
import { type Place, placeOf } from './place.ts';
import { lazyScreen } from './screen.tsx';
import { Shell } from './shell.tsx';
import { openFirst } from './state/arrivals.ts';
import { me } from './state/me.ts';
import { phoneOpen } from './state/phone.ts';
import { t } from './text.ts';

const Setup = lazyScreen<object>(() => import('./screens/setup/setup.tsx'));
const SignIn = lazyScreen<object>(() => import('./screens/sign-in/sign-in.tsx'));
const Invite = lazyScreen<{ token: string }>(() => import('./screens/invite/invite.tsx'));

/** The console: from the address and the session to a screen. */
export function App() {
  return (
    <LocationProvider>
      <Screen />
      <Toasts />
    </LocationProvider>
  );
}

function Screen() {
  const { path } = useLocation();
  const place = placeOf(path);
  if (place.screen === 'invite') return <Invite token={place.token} />;
  if (place.screen === 'nowhere') return <Nowhere />;
  if (me.value === undefined) return null;
  return me.value === null ? <Outside place={place} /> : <Inside place={place} />;
}

/** Nobody is signed in: setup while there is no company, else the door. The address stays, so that signing in leads to it. */
function Outside({ place }: { place: Place }) {
  const { route } = useLocation();
  useEffect(() => {
    if (place.screen === 'setup') return;
    const look = async () => {
      const setup = await get<SetupState>('/setup');
      if (setup.open) route('/instalar', true);
    };
    unattended(look(), 'look for setup');
  }, [place.screen]);
  return place.screen === 'setup' ? <Setup /> : <SignIn />;
}

function Inside({ place }: { place: Place }) {
  const { route } = useLocation();
  const outside = place.screen === 'setup' || place.screen === 'sign-in';
  useEffect(() => {
    if (!outside) return;
    // Fresh from setup, the first customer is the simulator's phone.
    if (place.screen === 'setup') {
      phoneOpen.value = true;
      openFirst.value = true;
    }
    route(place.screen === 'setup' ? '/?status=waiting' : '/', true);
  }, [outside]);
  return outside ? null : <Shell place={place} />;
}

function Nowhere() {
  return (
    <main>
      <Empty icon="warning" title={t.parts.notFound}>
        <span>{t.parts.notFoundHint}</span>
        <a href="/">{t.parts.toInbox}</a>
      </Empty>
    </main>
  );
}
