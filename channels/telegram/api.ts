import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { ApiFault, faultOfAnswer } from './fault.ts';
import { within } from './pace.ts';
import type { Bot } from './settings.ts';

/** Calls without files. The only place that knows telegraf. */
export interface Api {
  /** Answers `result`; throws ApiFault. Given up after `timeoutMs` or when `signal` aborts. */
  call(method: string, payload: Record<string, unknown>, timeoutMs: number, signal: AbortSignal): Promise<unknown>;
}

// telegraf's method names and payloads are those of Bot API 7.1; ours are checked by the tests against the wire.
type AnyCall = (method: string, payload: object, how: { signal: AbortSignal }) => Promise<unknown>;

/**
 * The Bot API of one bot. A connection a call: on a kept one that the server is just closing, a call gets no answer
 * although it was never read, and a send must not be left uncertain for that.
 */
export function apiOf({ token, root }: Bot): Api {
  const telegram = new Telegram(token, { apiRoot: root, webhookReply: false });
  // The constructor drops the agent of a plain http address, and the global one keeps connections.
  telegram.options.agent = new (root.startsWith('http:') ? HttpAgent : HttpsAgent)({ keepAlive: false });
  const callApi = telegram.callApi.bind(telegram) as unknown as AnyCall;
  return {
    async call(method, payload, timeoutMs, signal) {
      try {
        return await within(timeoutMs, signal, (until) => callApi(method, payload, { signal: until }));
      } catch (error) {
        throw faultOf(method, error);
      }
    },
  };
}

function faultOf(method: string, error: unknown): ApiFault {
  if (error instanceof TelegramError) return faultOfAnswer(method, error.code, error.response);
  return new ApiFault(method, { reach: connected(error) ? 'unknown' : 'never', status: 0 });
}

const beforeConnecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Whether anything can have been written. Certificates are judged before the first byte of a request. */
function connected(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const code = 'code' in error ? String(error.code) : '';
  if (beforeConnecting.has(code) || /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) return false;
  // node-fetch passes on the code alone, and ETIMEDOUT has two meanings.
  return !/reason: (connect |$)/.test(error.message);
}
