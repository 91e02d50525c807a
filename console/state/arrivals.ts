import { signal } from '@preact/signals';

/** Opens the first conversation that the list shows: set right after setup, so that the desk does not start empty. */
export const openFirst = signal(false);

/** What screen readers are told of conversations elsewhere, by department; emptied and filled anew at most each 3 s. */
export const announced = signal<readonly { departmentId: string; n: number }[]>([]);

const apart = 3_000;

let gathered = new Map<string, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A conversation that is not open got a customer's word. */
export function arrived(departmentId: string): void {
  gathered.set(departmentId, (gathered.get(departmentId) ?? 0) + 1);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    announced.value = [...gathered].map(([id, n]) => ({ departmentId: id, n }));
    gathered = new Map();
    timer = undefined;
  }, apart);
}
