import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { explain } from './explain.ts';
import { Failed } from './parts/empty.tsx';
import { Unanswered } from './refused.ts';

/** A screen in a chunk of its own: fetched when it is first drawn, with a way to try again when that fails. */
export function lazyScreen<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let Loaded: ComponentType<Props> | null = null;
  return function LazyScreen(props: Props) {
    const [attempt, setAttempt] = useState(0);
    const [state, setState] = useState<'waiting' | 'here' | 'failed'>(Loaded ? 'here' : 'waiting');
    useEffect(() => {
      if (Loaded) return;
      let gone = false;
      load().then(
        (module) => {
          Loaded = module.default;
          if (!gone) setState('here');
        },
        () => {
          if (!gone) setState('failed');
        },
      );
      return () => {
        gone = true;
      };
    }, [attempt]);
    if (Loaded) return <Loaded {...props} />;
    if (state === 'waiting') return null;
    const again = () => {
      setState('waiting');
      setAttempt(attempt + 1);
    };
    return <Failed reason={explain(new Unanswered('chunk'))} onRetry={again} />;
  };
}
