/** Where a page ended: the time it is ordered by and the id that breaks ties. */
export interface PagePlace {
  at: string;
  id: string;
}

/** The part of a filter that begins a page after `place`; `{}` for the first page. */
export function beyond(field: string, place: PagePlace | null, order: 'rising' | 'falling'): Record<string, unknown> {
  if (place === null) return {};
  const at = new Date(place.at);
  const past = order === 'falling' ? '$lt' : '$gt';
  const upTo = order === 'falling' ? '$lte' : '$gte';
  return { [field]: { [upTo]: at }, $or: [{ [field]: { [past]: at } }, { [field]: at, _id: { [past]: place.id } }] };
}
