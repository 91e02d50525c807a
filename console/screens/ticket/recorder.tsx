import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { useKeys } from '../../keys.ts';
import { Button } from '../../parts/button.tsx';
import { lengthOf } from '../../parts/measures.ts';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import { recordingIn } from './acting.ts';
import { takeVoice } from './attaching.tsx';
import { DiscardRecording } from './discard-recording.tsx';
import { canRecord, faultOf, type MicrophoneFault, type Recording, record } from './recording.ts';
import './recorder.css';

type Now = { phase: 'asking' } | { phase: 'fault'; fault: MicrophoneFault } | { phase: 'going'; recording: Recording };

/** The longest voice message; it then ends by itself and stays. */
const mostSeconds = 30 * 60;
const bars = 36;
const drawnMs = 100;

/** Records a voice message into the reply of this ticket. Whoever leaves the ticket meanwhile finds it in their draft. */
export default function Recorder({ ticket }: { ticket: TicketView }) {
  const [now, setNow] = useState<Now>(canRecord() ? { phase: 'asking' } : { phase: 'fault', fault: 'insecure' });
  const close = () => {
    if (recordingIn.value === ticket.id) recordingIn.value = null;
    document.getElementById('composer')?.focus();
  };
  useEffect(() => {
    if (!canRecord()) return;
    let gone = false;
    let going: Recording | null = null;
    const run = async () => {
      try {
        going = await record(t.media.voiceName);
        if (gone) going.cancel();
        else setNow({ phase: 'going', recording: going });
        const recorded = await going.done;
        // After signing out there is nobody whose reply it could go into.
        if (recorded !== null && me.value) takeVoice(ticket, recorded);
        if (!gone) close();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        setNow({ phase: 'fault', fault: faultOf(error) });
      }
    };
    unattended(run(), 'record');
    return () => {
      gone = true;
      going?.stop();
      if (recordingIn.value === ticket.id) recordingIn.value = null;
    };
  }, []);
  if (now.phase === 'going') return <Going recording={now.recording} />;
  return (
    <div class="recorder">
      {now.phase === 'asking' ? (
        <p role="status">{t.media.askingMicrophone}</p>
      ) : (
        <p class="refusal" role="alert">
          {t.media.microphone[now.fault]}
        </p>
      )}
      <Button kind="quiet" compact icon="close" label={t.parts.close} onClick={close} />
    </div>
  );
}

function Going({ recording }: { recording: Recording }) {
  const [paused, setPaused] = useState(false);
  const [asking, setAsking] = useState(false);
  const { seconds, levels } = useMeter(recording);
  const finish = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => finish.current?.focus(), []);
  useKeys({ m: () => recording.stop() });
  useStaying();
  useEffect(() => {
    if (paused || asking) recording.pause();
    else recording.resume();
  }, [paused, asking]);
  useEffect(() => {
    if (seconds >= mostSeconds) recording.stop();
  }, [seconds >= mostSeconds]);
  const time = lengthOf(Math.floor(seconds));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would stand in the way of the bar
    <div
      class={paused ? 'recorder paused' : 'recorder'}
      role="group"
      aria-label={t.media.recording}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || asking) return;
        event.preventDefault();
        setAsking(true);
      }}
    >
      <Button kind="quiet" icon="trash" label={t.media.discardRecording} onClick={() => setAsking(true)} />
      <span class="dot" aria-hidden="true" />
      <span class="time" role="timer" aria-label={say(t.media.recorded, { time })}>
        {time}
      </span>
      <span class="levels" aria-hidden="true">
        {levels.map((level, index) => (
          <i key={index} style={{ height: `${Math.round(8 + level * 92)}%` }} />
        ))}
      </span>
      <span class="words" role="status">
        {paused ? t.media.recordingPaused : t.media.recording}
      </span>
      <Button
        kind="quiet"
        icon={paused ? 'mic' : 'pause'}
        label={paused ? t.media.recordOn : t.media.pauseRecording}
        onClick={() => setPaused(!paused)}
      />
      <Button ref={finish} icon="check" title={`${t.media.finishRecording} (m)`} onClick={() => recording.stop()}>
        {t.media.finishRecording}
      </Button>
      {asking && <DiscardRecording onDiscard={() => recording.cancel()} onClose={() => setAsking(false)} />}
    </div>
  );
}

/** Time and the latest levels, oldest first, drawn anew ten times a second. */
function useMeter(recording: Recording): { seconds: number; levels: readonly number[] } {
  const [meter, setMeter] = useState({ seconds: 0, levels: Array<number>(bars).fill(0) });
  useEffect(() => {
    const timer = setInterval(
      () =>
        setMeter(({ levels }) => ({
          seconds: recording.seconds(),
          levels: [...levels.slice(1), recording.level()],
        })),
      drawnMs,
    );
    return () => clearInterval(timer);
  }, [recording]);
  return meter;
}

/** The browser asks before it leaves a page on which something is being recorded. */
function useStaying(): void {
  useEffect(() => {
    const stay = (event: Event) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, []);
}
