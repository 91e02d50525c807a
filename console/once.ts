import { useRef } from 'preact/hooks';
import { newClientId } from '#shared/client-id.ts';

/**
 * Gives an act its client id. The same act again, because nobody answered the first time, keeps its id: the server does it
 * once. Another act gets another one.
 */
export function useOnce(): <Act extends object>(act: Act) => Act & { clientId: string } {
  const last = useRef({ act: '', clientId: '' });
  return (act) => {
    const now = JSON.stringify(act);
    if (now !== last.current.act) last.current = { act: now, clientId: newClientId() };
    return { ...act, clientId: last.current.clientId };
  };
}
