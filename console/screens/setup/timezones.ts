/** The IANA zones that this browser knows, by name, with their distance from UTC now; `current` is always among them. */
export function timezones(current: string, now = new Date()): { value: string; label: string }[] {
  const zones = new Set([current, ...Intl.supportedValuesOf('timeZone')]);
  return [...zones]
    .sort()
    .map((value) => ({ value, label: `${value.replaceAll('_', ' ')} (${distanceOf(value, now)})` }));
}

function distanceOf(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC').replace('-', '\u2212');
}
