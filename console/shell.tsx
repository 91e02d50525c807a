import type { Place } from './place.ts';

/** The frame of everybody who is signed in. */
export function Shell({ place }: { place: Place }) {
  return <div>{place.screen}</div>;
}
