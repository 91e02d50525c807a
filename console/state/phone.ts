import { signal } from '@preact/signals';

/** Whether the simulator's phone stands beside the console. */
export const phoneOpen = signal(false);
