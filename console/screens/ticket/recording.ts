/** What was recorded. */
export interface Recorded {
  file: File;
  seconds: number;
}

/** A recording that goes on. */
export interface Recording {
  pause(): void;
  resume(): void;
  /** Ends it; `done` then brings what was recorded. */
  stop(): void;
  /** Ends it and forgets what was recorded: `done` brings null. */
  cancel(): void;
  /** How loud it is at this moment, 0 to 1. */
  level(): number;
  /** How much was recorded so far; pauses do not count. */
  seconds(): number;
  /** Also when the microphone was pulled out: what was said until then is kept. */
  done: Promise<Recorded | null>;
}

/** Why nothing can be recorded. `insecure`: browsers give the microphone only to pages that came by https. */
export type MicrophoneFault = 'insecure' | 'refused' | 'none' | 'busy';

/** Browsers differ in what they write; the server makes of each what the network wants. */
const wanted = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
const endings: Record<string, string> = { 'audio/webm': 'webm', 'audio/ogg': 'ogg', 'audio/mp4': 'm4a' };

/** Speech stays clear at this rate, and half an hour stays below what networks take as a voice message. */
const bitsPerSecond = 32_000;
const chunkMs = 1_000;

/** Asks for the microphone and records. `name`: what the file is called, without ending. Throws DOMException when there is none. */
export async function record(name: string): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true },
  });
  const mimeType = wanted.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitsPerSecond });
  const meter = meterOf(stream);
  const time = stopwatch();
  const parts: Blob[] = [];
  let kept = true;
  const done = new Promise<Recorded | null>((resolve) => {
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) parts.push(data);
    };
    recorder.onstop = () => {
      time.pause();
      meter.close();
      for (const track of stream.getTracks()) track.stop();
      const type = recorder.mimeType.split(';')[0] ?? '';
      const file = new File(parts, `${name}.${endings[type] ?? 'webm'}`, { type });
      resolve(kept && file.size > 0 ? { file, seconds: time.seconds() } : null);
    };
  });
  const end = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  recorder.start(chunkMs);
  time.go();
  return {
    pause() {
      if (recorder.state !== 'recording') return;
      recorder.pause();
      time.pause();
    },
    resume() {
      if (recorder.state !== 'paused') return;
      recorder.resume();
      time.go();
    },
    stop: end,
    cancel() {
      kept = false;
      end();
    },
    level: () => (recorder.state === 'recording' ? meter.level() : 0),
    seconds: time.seconds,
    done,
  };
}

/** Whether this page may ask for a microphone at all. */
export const canRecord = (): boolean => 'mediaDevices' in navigator && 'MediaRecorder' in globalThis;

/** What a refused microphone means. */
export function faultOf({ name }: DOMException): MicrophoneFault {
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'refused';
}

function stopwatch() {
  let before = 0;
  let since: number | null = null;
  return {
    go() {
      since = performance.now();
    },
    pause() {
      if (since !== null) before += performance.now() - since;
      since = null;
    },
    seconds: () => (before + (since === null ? 0 : performance.now() - since)) / 1_000,
  };
}

function meterOf(stream: MediaStream) {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1_024;
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // Ordinary speech has an effective value of about a fifth of the whole range.
      return Math.min(1, Math.sqrt(power) * 4);
    },
    close() {
      // Nobody waits for it: it only lets go of the sound card.
      audio.close().catch(() => undefined);
    },
  };
}
