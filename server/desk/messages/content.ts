import { limits } from '#shared/limits.ts';
import type { Content } from '#shared/message.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: real networks bring them; they are cut, not refused
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;

/** What real networks bring, made storable: well-formed, composed, without control characters, bounded. */
export function cleanedText(text: string, most: number = limits.inboundCharacters): string {
  return text.toWellFormed().replace(controls, '').normalize('NFC').slice(0, most);
}

/** An inbound content with all its texts made storable; what it lacks stays absent. */
export function cleanedContent({ text, attachments, place, cards, mail, album, missing }: Content): Content {
  const short = (value: string): string => cleanedText(value, limits.nameCharacters);
  return {
    text: cleanedText(text),
    ...(attachments === undefined || attachments.length === 0 ? {} : { attachments }),
    ...(place === undefined ? {} : { place: { ...place, name: short(place.name), address: short(place.address) } }),
    ...(cards === undefined || cards.length === 0
      ? {}
      : {
          cards: cards.slice(0, 20).map(({ name, phones, emails }) => ({
            name: short(name),
            phones: phones.slice(0, 10).map(short),
            emails: emails.slice(0, 10).map(short),
          })),
        }),
    ...(mail === undefined
      ? {}
      : {
          mail: {
            ...mail,
            subject: cleanedText(mail.subject, limits.reasonCharacters),
            full: mail.full === null ? null : cleanedText(mail.full),
          },
        }),
    ...(album === undefined ? {} : { album: short(album) }),
    ...(missing === undefined ? {} : { missing: short(missing) }),
  };
}

/** The files that a content holds, those of a mail's own parts too. */
export function mediaIdsOf({ attachments = [], mail }: Content): string[] {
  const parts = [mail?.html ?? null, mail?.original ?? null].filter((id) => id !== null);
  return [...attachments.map(({ id }) => id), ...parts];
}
