/** Where an address of the console leads. */
export type Place =
  | { screen: 'setup' | 'sign-in' | 'nowhere' }
  | { screen: 'invite'; token: string }
  | { screen: 'desk'; ticketId: string | null }
  | { screen: 'settings'; section: string | null };

/** Reads an address' path (without query). Unknown ones are `nowhere`. */
export function placeOf(path: string): Place {
  const [first, second, ...rest] = path.split('/').filter(Boolean).map(decoded);
  if (rest.length > 0) return { screen: 'nowhere' };
  if (first === undefined) return { screen: 'desk', ticketId: null };
  if (first === 'atendimentos' && second !== undefined) return { screen: 'desk', ticketId: second };
  if (first === 'configuracoes') return { screen: 'settings', section: second ?? null };
  if (first === 'convite' && second !== undefined) return { screen: 'invite', token: second };
  if (first === 'instalar' && second === undefined) return { screen: 'setup' };
  if (first === 'entrar' && second === undefined) return { screen: 'sign-in' };
  return { screen: 'nowhere' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return part;
  }
}
