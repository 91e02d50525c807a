import type { Refusal } from '#shared/errors.ts';
import type { Attachment } from '#shared/message.ts';
import { Refused, Unanswered } from './refused.ts';
import { me } from './state/me.ts';

/** A file and what its bytes do not tell: that it was recorded, and how long it is. */
export interface Given {
  file: File;
  voice?: { seconds: number };
}

/** Sends one file to the server; `onProgress` hears from 0 to 1. Throws Refused, Unanswered, or AbortError after `signal`. */
export function upload(
  { file, voice }: Given,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    // fetch cannot tell how far an upload is.
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/media');
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onerror = () => reject(new Unanswered('network'));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) resolve(answer as Attachment);
      else reject(refusalOf(request.status, answer));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    // The server reads what stands before the file.
    if (voice) {
      form.set('kind', 'voice');
      form.set('seconds', voice.seconds.toFixed(1));
    }
    form.set('file', file, file.name);
    request.send(form);
  });
}

function refusalOf(status: number, answer: unknown): Error {
  const error = (answer as { error?: Refusal } | null)?.error;
  // Somebody in between (a proxy) answered in words of its own.
  if (error === undefined) return new Unanswered(`${status}`);
  if (error.code === 'session.required') me.value = null;
  return new Refused(error);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
