import { signal } from '@preact/signals';
import { unattended } from '#shared/unattended.ts';
import { preferences } from './preferences.ts';

/** Whether the browser keeps sound back until the page is clicked, and something should have rung. */
export const soundBlocked = signal(false);

/** Bursts are one ring. */
const apart = 1_500;

let context: AudioContext | null = null;
let lastRing = Number.NEGATIVE_INFINITY;

/** Decides which of several rings to play: at most one each 1.5 s. */
export function rings(last: number, now: number): boolean {
  return now - last >= apart;
}

/** Rings for a customer's new message, once over all tabs of this browser. */
export function ring(): void {
  if (!preferences.value.sound || !rings(lastRing, performance.now())) return;
  lastRing = performance.now();
  const tabs = new BroadcastChannel('balcao.sound');
  let taken = false;
  tabs.onmessage = () => {
    taken = true;
  };
  // The tab in view claims the ring at once, others wait: the first claim wins.
  const wait = document.visibilityState === 'visible' ? Math.random() * 20 : 80 + Math.random() * 120;
  setTimeout(() => {
    if (!taken && play()) tabs.postMessage('rung');
    // Closing at once would drop the claim that was just sent.
    setTimeout(() => tabs.close(), 400);
  }, wait);
}

/** Lets the sound out after a click, and plays it so that it is known how it sounds. */
export function unlockSound(): void {
  soundBlocked.value = false;
  play();
}

/** Two soft notes, made here: no file to fetch. False while the browser lets no sound out: nobody has touched the page yet. */
function play(): boolean {
  if (!navigator.userActivation.hasBeenActive) {
    soundBlocked.value = document.visibilityState === 'visible';
    return false;
  }
  soundBlocked.value = false;
  context ??= new AudioContext();
  if (context.state !== 'running') unattended(context.resume(), 'resume the sound');
  note(context, 659.25, 0);
  note(context, 987.77, 0.13);
  return true;
}

function note(audio: AudioContext, frequency: number, after: number): void {
  const start = audio.currentTime + after;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = 'triangle';
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.35, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.42);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.45);
}
