import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { SimulatorReceived } from '#shared/api.ts';
import { unattended } from '#shared/unattended.ts';
import { get } from '../../http.ts';
import { listedAll } from '../../state/inbox.ts';
import { open } from '../../state/ticket.ts';
import type { Customer } from './customers.ts';

/** What the desk sent to a customer, and whether asking for it failed. */
export interface Received {
  items: readonly SimulatorReceived[];
  failed: boolean;
}

const everyMs = 2_000;
/** After something changed on the desk: the message needs a moment on its way. */
const soonMs = 250;

const nothing: Received = { items: [], failed: false };

/** What this customer got, asked for now and again while the page is seen, and soon after the desk has changed. */
export function useReceived({ as, from }: Customer): Received {
  const [received, setReceived] = useState<Received & { whose: string }>({ ...nothing, whose: '' });
  const whose = `${as} ${from}`;

  useEffect(() => {
    let gone = false;
    const ask = async () => {
      if (document.visibilityState === 'hidden') return;
      const items = await outboxOf(from);
      if (gone) return;
      setReceived((now) => {
        const before = now.whose === whose ? now.items : [];
        return { whose, items: items?.filter((one) => one.as === as) ?? before, failed: items === null };
      });
    };
    const go = () => unattended(ask(), 'simulator outbox');
    go();
    const timer = setInterval(go, everyMs);
    const unfollow = followDesk(go);
    return () => {
      gone = true;
      clearInterval(timer);
      unfollow();
    };
  }, [as, from, whose]);

  return received.whose === whose ? received : nothing;
}

async function outboxOf(to: string): Promise<SimulatorReceived[] | null> {
  try {
    return (await get<{ items: SimulatorReceived[] }>('/simulator/outbox', { to })).items;
  } catch {
    return null;
  }
}

/** Calls shortly after each change that the console heard of. */
function followDesk(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    // Reading them is what makes the effect run again when they change.
    listedAll();
    open.value;
    clearTimeout(timer);
    timer = setTimeout(call, soonMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
