import { useRef, useState } from 'preact/hooks';
import type { AttachmentView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { Icon } from '../../parts/icon.tsx';
import { lengthOf } from '../../parts/measures.ts';
import { language, say, t } from '../../text.ts';
import { FileLine } from './file-line.tsx';
import './player.css';

const speeds = [1, 1.5, 2];

/** Two voices at once are none: whoever starts stops the other. */
let speaking: HTMLAudioElement | null = null;

/** Plays an audio file or a voice message; its slider is moved by the arrow keys too. */
export function Player({ item }: { item: AttachmentView }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(item.seconds ?? 0);
  const [speed, setSpeed] = useState(1);
  const [failed, setFailed] = useState(false);
  const kind = t.media.kinds[item.kind];
  const toggle = () => {
    if (audio.current) unattended(playOrPause(audio.current), 'play');
  };
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const seek = (to: number) => {
    setAt(to);
    if (audio.current) audio.current.currentTime = to;
  };
  return (
    <>
      <div class="player">
        {/* biome-ignore lint/a11y/useMediaCaption: what customers say has no captions */}
        <audio
          ref={audio}
          src={item.url}
          preload="none"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setAt(0)}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          onDurationChange={(event) => {
            const { duration } = event.currentTarget;
            if (Number.isFinite(duration)) setLength(duration);
          }}
          onError={() => setFailed(true)}
        />
        <button
          type="button"
          class="turn"
          aria-label={`${playing ? t.media.pause : t.media.play} ${kind}`}
          onClick={toggle}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <input
          type="range"
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={at}
          aria-label={say(t.media.seek, { name: kind })}
          aria-valuetext={say(t.media.at, { at: lengthOf(at), of: lengthOf(length) })}
          onInput={(event) => seek(event.currentTarget.valueAsNumber)}
        />
        <span class="time">{lengthOf(at > 0 ? at : length)}</span>
        <button type="button" class="speed" aria-label={say(t.media.speed, { n: told(speed) })} onClick={faster}>
          {told(speed)}x
        </button>
      </div>
      {failed && (
        <p class="not-played" role="alert">
          {t.media.notPlayed}
        </p>
      )}
      {(failed || item.kind === 'audio') && <FileLine item={item} />}
    </>
  );
}

const told = (speed: number): string => speed.toLocaleString(language.value);

async function playOrPause(audio: HTMLAudioElement): Promise<void> {
  if (!audio.paused) {
    audio.pause();
    return;
  }
  if (speaking !== audio) speaking?.pause();
  speaking = audio;
  try {
    await audio.play();
  } catch (error) {
    // Paused before it began, or a sound that this browser cannot play: the element's own error says so.
    if (!(error instanceof DOMException)) throw error;
  }
}
