import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Connection } from '#shared/channel.ts';
import { explain, faultIn } from '../../../explain.ts';
import { failureText } from '../../../failures.ts';
import { post } from '../../../http.ts';
import { Button } from '../../../parts/button.tsx';
import { TextField } from '../../../parts/field.tsx';
import { say, t } from '../../../text.ts';
import { type Draft, useDraft } from '../draft.ts';
import { QrCode } from './qr.tsx';
import type { Watched } from './watched.ts';

type Method = 'qr' | 'code';

/** Linking a number: a QR that renews itself, or a code for the phone number; every state in words. */
export function Pairing({ channel, onAsked }: { channel: Watched; onAsked: () => void }) {
  const words = t.channels.whatsapp;
  const [method, setMethod] = useState<Method>('qr');
  const draft = useDraft({ phone: '' });
  const { connection } = channel;
  const shown = useRef(false);
  if (connection.phase === 'pairing') shown.current = true;
  if (connection.phase === 'off') shown.current = false;
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // The button that was pressed is gone with its phase: the next Tab goes on from here.
    if (document.activeElement === document.body) root.current?.focus();
  }, [connection.phase]);
  const phone = draft.values.phone.replace(/[^\d+]/g, '');
  const ask = (how: Method) =>
    draft.run(async () => {
      await post(`/channels/${channel.id}/pair`, how === 'qr' ? { method: how } : { method: how, phone });
      onAsked();
    }, 'keep');
  const idle = connection.phase === 'off' || connection.phase === 'logged-out';
  const running = methodOf(connection);
  // A phone that shows this page cannot scan it: the code can be had while a QR is shown, and the other way round.
  const asking = method === 'code' && (idle || running === 'qr');
  const other: Method = asking || (running ?? method) === 'code' ? 'qr' : 'code';
  const change = () => {
    setMethod(other);
    if (running === 'code') ask('qr');
  };
  return (
    <div class="pairing" data-phase={connection.phase} ref={root} tabIndex={-1}>
      <p class="state" role="status">
        {asking && !idle ? '' : stateOf(connection, shown.current)}
      </p>
      {connection.phase === 'pairing' && !asking && <Shown connection={connection} />}
      {(idle || connection.phase === 'pairing') && <Steps method={asking ? 'code' : (running ?? method)} />}
      {idle && method === 'qr' && (
        <Button kind="primary" busy={draft.busy} onClick={() => ask('qr')}>
          {connection.phase === 'logged-out' ? words.relink : words.again}
        </Button>
      )}
      {asking && <PhoneForm draft={draft} onAsk={() => ask('code')} />}
      {(idle || running !== null) && (
        <Button kind="link" onClick={change}>
          {other === 'code' ? words.byCode : words.byQr}
        </Button>
      )}
      {draft.fault !== null && faultIn(draft.fault, 'phone') === null && (
        <p class="refusal" role="alert">
          {explain(draft.fault)}
        </p>
      )}
    </div>
  );
}

function stateOf(connection: Connection, scanned: boolean): string {
  const words = t.channels.whatsapp;
  if (connection.phase === 'online') return say(words.linked, { as: linkedAs(connection) });
  if (connection.phase === 'connecting') return scanned ? words.syncing : words.making;
  if (connection.phase === 'pairing') {
    if (connection.code !== undefined) return words.waitingCode;
    return connection.qr === undefined ? words.making : words.waiting;
  }
  const { reason } = connection;
  if (connection.phase === 'off') return reason === undefined ? '' : failureText(reason);
  return reason === undefined ? '' : say(words.dropped, { reason: failureText(reason) });
}

/** By what is on screen; null while nothing is. */
function methodOf(connection: Connection): Method | null {
  if (connection.phase !== 'pairing') return null;
  if (connection.code !== undefined) return 'code';
  return connection.qr === undefined ? null : 'qr';
}

function linkedAs({ as, name }: { as: string; name?: string }): string {
  return name === undefined ? as : `${as} · ${name}`;
}

/** What the phone wants to see, and how long it is good for. */
function Shown({ connection }: { connection: Connection & { phase: 'pairing' } }) {
  const words = t.channels.whatsapp;
  const { qr, code, expiresAt } = connection;
  return (
    <div class="shown">
      {qr !== undefined && <QrCode text={qr} label={words.qr} />}
      {code !== undefined && (
        <output class="pairing-code" aria-label={words.code} data-code={code}>
          {code.slice(0, 4)}-{code.slice(4)}
        </output>
      )}
      {(qr !== undefined || code !== undefined) && <Countdown key={expiresAt} until={expiresAt} />}
    </div>
  );
}

/** A ring that empties, once a second. */
function Countdown({ until }: { until: string }) {
  const left = () => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1_000));
  const [whole] = useState(left);
  const [now, setNow] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => setNow(left()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  const part = whole === 0 ? 0 : (now / whole) * 100;
  return (
    <span class="countdown">
      <svg class="ring" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" class="rest" />
        <circle cx="10" cy="10" r="8" pathLength="100" stroke-dasharray={`${part} 100`} transform="rotate(-90 10 10)" />
      </svg>
      {say(t.channels.whatsapp.seconds, { n: now })}
    </span>
  );
}

function Steps({ method }: { method: Method }) {
  const words = t.channels.whatsapp;
  const steps = [words.stepPhone, words.stepDevices, method === 'qr' ? words.stepScan : words.stepType];
  const shapes = [
    <path key="a" d="M14 6h12v28H14zM18 30h4" />,
    <path key="b" d="M8 12h16v10H8zM6 26h20M28 14h6v14h-6z" />,
    <path key="c" d="M8 8h9v9H8zM23 8h9v9h-9zM8 23h9v9H8zM23 23h4v4M32 23v9h-9" />,
  ];
  return (
    <ol class="drawn">
      {steps.map((step, at) => (
        <li key={step}>
          <svg viewBox="0 0 40 40" aria-hidden="true">
            {shapes[at]}
          </svg>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  );
}

function PhoneForm({ draft, onAsk }: { draft: Draft<{ phone: string }>; onAsk: () => void }) {
  const words = t.channels.whatsapp;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <TextField
        label={words.phone}
        hint={words.phoneHint}
        type="tel"
        required
        autocomplete="tel"
        value={draft.values.phone}
        fault={faultIn(draft.fault, 'phone')}
        onText={(phone) => draft.set({ phone })}
      />
      <div class="acts">
        <Button type="submit" kind="primary" busy={draft.busy}>
          {words.getCode}
        </Button>
      </div>
    </form>
  );
}
