type Report = (what: string, error: unknown) => void;

let report: Report = () => undefined;

/** Sets who is told when an unattended promise fails; each process does it once at its start. */
export function reportUnattended(next: Report): void {
  report = next;
}

/** The one spelling for a promise that nobody waits for on purpose: a failure is reported under the name `what`, never lost. */
export function unattended(promise: Promise<unknown>, what: string): void {
  promise.catch((error: unknown) => report(what, error));
}
