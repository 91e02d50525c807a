const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/** Tags that end a line; two of them in a row are one line end. */
const blocks = /^(p|div|br|hr|pre|ul|ol|li|dl|dt|dd|h[1-6]|table|tr|caption|address|center)$/;
const paragraphs = /^(p|h[1-6]|ul|ol|table|pre)$/;

/** Gathers lines with the quote marks of the level that they stand on. */
class Lines {
  readonly done: string[] = [];
  private depth = 0;
  private line = '';

  write(text: string, kept: boolean): void {
    if (kept) {
      const [first = '', ...rest] = text.split('\n');
      this.line += first;
      for (const next of rest) {
        this.end(true);
        this.line = next;
      }
      return;
    }
    const words = text.replace(/[ \t\r\n\f]+/g, ' ');
    this.line += this.line === '' || this.line.endsWith(' ') ? words.trimStart() : words;
  }

  /** Ends the line; an empty one is written only when `always`. */
  end(always = false): void {
    const line = this.line.trimEnd();
    this.line = '';
    if (line !== '' || always) this.done.push('> '.repeat(Math.min(this.depth, 20)) + line);
  }

  /** A quotation begins or ends; the empty line that sets it apart is outside of it. */
  quote(step: 1 | -1): void {
    this.end();
    if (step > 0) this.gap();
    this.depth = Math.max(0, this.depth + step);
    if (step < 0) this.gap();
  }

  /** One empty line, unless there is one already. */
  gap(): void {
    this.end();
    const last = this.done.at(-1);
    if (last !== undefined && last.replace(/[> ]/g, '') !== '') this.end(true);
  }
}

/**
 * Plain text of HTML that `sanitizeMail` gave: its tags are balanced and few. Quotations become lines that begin with
 * `>`, list items with `- `, cells are set apart by a blank.
 */
export function htmlToText(html: string): string {
  const lines = new Lines();
  let pre = 0;
  for (const [token] of html.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!token.startsWith('<')) {
      lines.write(unescaped(token), pre > 0);
      continue;
    }
    const closing = token.startsWith('</');
    const name = /^<\/?([a-z0-9]+)/i.exec(token)?.[1]?.toLowerCase() ?? '';
    if (name === 'pre') pre = Math.max(0, pre + (closing ? -1 : 1));
    if (name === 'br' || name === 'hr') lines.end(name === 'br');
    else if (name === 'blockquote') lines.quote(closing ? -1 : 1);
    else if (paragraphs.test(name)) lines.gap();
    else if (blocks.test(name)) lines.end();
    else if (name === 'td' || name === 'th') lines.write(' ', false);
    if (name === 'li' && !closing) lines.write('- ', false);
  }
  lines.end();
  return lines.done
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function unescaped(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{1,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}

/** Text as HTML that shows it as it is. */
export function textToHtml(text: string): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark).replace(/\n/g, '<br>\n');
}
