/** Reads what this browser session keeps for the phone; `usual` when there is nothing, or something else. */
export function kept<T>(name: string, usual: T, isRight: (value: unknown) => boolean): T {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(`balcao.phone.${name}`) ?? 'null');
    return isRight(value) ? (value as T) : usual;
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof SyntaxError)) throw error;
    return usual;
  }
}

/** Keeps something for this browser session. Without storage it lasts as long as the page. */
export function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`balcao.phone.${name}`, JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
