/** Brazilian numbers with area code: 55, two digits, then the subscriber. */
const brazilian = /^55([1-9]\d)(\d{8,9})$/;

/**
 * E.164 with `+` of the digits in a WhatsApp address. Older Brazilian accounts are registered without the ninth digit:
 * a mobile subscriber of eight digits (it begins with 6 to 9) gets its 9 back; landlines (2 to 5) are left alone.
 */
export function canonicalPhone(digits: string): string {
  const [, area, subscriber] = brazilian.exec(digits) ?? [];
  if (area !== undefined && subscriber?.length === 8 && /^[6-9]/.test(subscriber)) return `+55${area}9${subscriber}`;
  return `+${digits}`;
}

/** Every form in which a number may be registered: with the ninth digit, then without. Digits only. */
export function registeredForms(phone: string): string[] {
  const digits = canonicalPhone(phone.replace(/\D/g, '')).slice(1);
  const [, area, subscriber] = brazilian.exec(digits) ?? [];
  if (area === undefined || subscriber?.length !== 9 || !/^9[6-9]/.test(subscriber)) return [digits];
  return [digits, `55${area}${subscriber.slice(1)}`];
}
