/** The sites of a text with one a line, as browsers write origins; `wrong` is the first line that is no site. */
export function originsOf(text: string): { origins: string[]; wrong: string | null } {
  const origins = new Set<string>();
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const origin = originOf(line);
    if (origin === null) return { origins: [], wrong: line };
    origins.add(origin);
  }
  return { origins: [...origins], wrong: null };
}

function originOf(line: string): string | null {
  if (!URL.canParse(line)) return null;
  const { protocol, username, password, pathname, search, hash, origin } = new URL(line);
  const plain = `${username}${password}${search}${hash}` === '' && pathname === '/';
  return plain && (protocol === 'https:' || protocol === 'http:') ? origin : null;
}
