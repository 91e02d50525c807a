import { DeskError } from '../errors.ts';

/** Where a page ended: the time that orders it, and the id that breaks ties. */
export interface Place {
  at: string;
  id: string;
}

/** A place as a cursor: base64url of time and id. */
export function cursorOf(place: Place): string {
  return btoa(`${place.at} ${place.id}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads a cursor back. Throws `input.invalid` for anything that `cursorOf` did not make. */
export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  try {
    const [at, id, ...rest] = atob(cursor.replaceAll('-', '+').replaceAll('_', '/')).split(' ');
    const sound = at !== undefined && id !== undefined && rest.length === 0 && /^[0-9a-f]{24}$/.test(id);
    if (sound && new Date(at).toISOString() === at) return { at, id };
  } catch {
    // Neither base64 nor a date: refused below like any other foreign cursor.
  }
  throw new DeskError('input.invalid', {}, { after: 'cursor' });
}

/** Cuts a list that holds one row more than a page when there are more, and names the next page. */
export function pageOf<T extends { id: string }>(rows: T[], limit: number, at: (row: T) => string) {
  const items = rows.slice(0, limit);
  const last = items[items.length - 1];
  return { items, next: rows.length > limit && last !== undefined ? cursorOf({ at: at(last), id: last.id }) : null };
}
