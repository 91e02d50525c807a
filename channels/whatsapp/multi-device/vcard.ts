import type { Card } from '#shared/message.ts';

const most = 20;

/** What a visiting card says (RFC 6350 and the older 2.1): name, phones, mails. Lines that say anything else are passed over. */
export function cardOf(vcard: string, fallback: string): Card {
  const lines = vcard
    .slice(0, 65_536)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  const valuesOf = (name: string) =>
    lines
      .map((line) => split(line))
      .filter(([property, value]) => property === name && value !== '')
      .map(([, value]) => value)
      .slice(0, most);
  const name = valuesOf('FN')[0] ?? fallback;
  return { name: name.slice(0, 200), phones: valuesOf('TEL'), emails: valuesOf('EMAIL') };
}

/** `item1.TEL;type=CELL:+55 11…` is the property TEL with its value. */
function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return ['', ''];
  const property = (line.slice(0, colon).split(';')[0] ?? '').split('.').at(-1) ?? '';
  const value = line
    .slice(colon + 1)
    .replace(/\\([,;\\])/g, '$1')
    .replace(/^tel:/i, '');
  return [property.toUpperCase(), value.trim().normalize('NFC').slice(0, 200)];
}
