const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/** Tags that end a line; two of them in a row are one line end. */
const blocks = /^(p|div|br|hr|pre|ul|ol|li|dl|dt|dd|h[1-6]|table|tr|caption|address|center)$/;
const paragraphs = /^(p|h[1-6]|ul|ol|table|pre)$/;

/** Gathers lines with the quote marks of the level that they stand on. */
class Lines {
  readonly done: string[] = [];
  private depth = 0;
  private line = '';
  /** Level of an empty line that is due before the next text; null: none is. */
  private due: number | null = null;

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
    const words = text.replace(/[ \t\r\n\f]+/g, ' ').replace(/\u00a0/g, ' ');
    this.line += this.line === '' || this.line.endsWith(' ') ? words.trimStart() : words;
  }

  /** Ends the line; an empty one is written only when `always`. */
  end(always = false): void {
    const line = this.line.trimEnd();
    this.line = '';
    if (line === '' && !always) return;
    if (this.due !== null && this.done.length > 0) this.done.push(marks(this.due).trimEnd());
    this.due = null;
    this.done.push((marks(this.depth) + line).trimEnd());
  }

  /** What follows is set apart by an empty line. */
  gap(): void {
    this.end();
    this.due = Math.min(this.due ?? this.depth, this.depth);
  }

  /** A quotation begins or ends; the empty line that sets it apart is outside of it. */
  quote(step: 1 | -1): void {
    this.gap();
    this.depth = Math.max(0, this.depth + step);
    this.due = Math.min(this.due ?? this.depth, this.depth);
  }
}

function marks(depth: number): string {
  return '> '.repeat(Math.min(depth, 20));
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
