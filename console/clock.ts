import { signal } from '@preact/signals';

/** The present as ISO, good to a quarter of a minute: what "4 min" on screen is reckoned by. */
export const now = signal(new Date().toISOString());

/** Keeps `now` going until the answered function is called. */
export function startClock(): () => void {
  const tick = () => {
    now.value = new Date().toISOString();
  };
  tick();
  const timer = setInterval(tick, 15_000);
  return () => clearInterval(timer);
}
