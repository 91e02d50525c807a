import { arm, type FaultPoint, faultPoints } from '#shared/fault.ts';

/** Long enough for a signal, and over when the process is woken. */
const frozenMs = 50;

/**
 * Arms one fault point, as `FAULT=I5:kill:3` says: at its third passage the process kills itself; `freeze` stops it as
 * a suspended machine would, and what was under way goes on when it is woken. Ignored outside trials.
 */
export function armFault(environment: Record<string, string | undefined>): void {
  const [, point, action, count] = /^([IO]\d):(kill|freeze):(\d+)$/.exec(environment.FAULT ?? '') ?? [];
  if (environment.NODE_ENV !== 'test' || !faultPoints.includes(point as FaultPoint)) return;
  let passages = 0;
  arm((passed) => {
    if (passed !== point) return undefined;
    passages += 1;
    if (passages !== Number(count)) return undefined;
    process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    // The signal comes at once, but not before this statement: nothing after the point may run.
    return new Promise((resolve) => (action === 'freeze' ? setTimeout(resolve, frozenMs) : undefined));
  });
}
