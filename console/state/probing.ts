import { signal } from '@preact/signals';
import type { ProbeCheck } from '#shared/channel.ts';

/** Checks of the settings that are being tried, by the id of the try, in the order they ended. */
export const probing = signal<Readonly<Record<string, readonly ProbeCheck[]>>>({});

/** Takes in one check; those of earlier tries are forgotten with the first of a new one. */
export function probeChecked({ probeId, check }: { probeId: string; check: ProbeCheck }): void {
  probing.value = { [probeId]: [...(probing.value[probeId] ?? []), check] };
}
