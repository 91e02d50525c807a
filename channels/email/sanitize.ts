import sanitizeHtml from 'sanitize-html';
import { mailLimits } from './mail.ts';

const colour = [/^#[0-9a-f]{3,8}$/i, /^[a-z]{3,20}$/i, /^rgba?\([\d\s,.%]{1,40}\)$/i];
const size = [/^-?\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)?$/i];
const sizes = [/^(-?\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)?\s*){1,4}$/i];
const word = [/^[a-z-]{1,20}$/i];
const border = [/^[\w#%.,()\s-]{1,60}$/];

const styles = {
  color: colour,
  'background-color': colour,
  background: colour,
  'font-size': [...size, ...word],
  'font-weight': [/^\d{3}$/, ...word],
  'font-style': word,
  'font-family': [/^[\p{L}\d\s,'"-]{1,200}$/u],
  'line-height': size,
  'text-align': word,
  'text-decoration': [/^[a-z\s-]{1,40}$/i],
  'vertical-align': word,
  'white-space': word,
  width: size,
  'max-width': size,
  height: size,
  padding: sizes,
  'padding-left': size,
  margin: sizes,
  'margin-left': size,
  border,
  'border-left': border,
  'border-top': border,
  'border-bottom': border,
  'border-collapse': word,
};

const table = ['align', 'valign', 'width', 'height', 'bgcolor', 'colspan', 'rowspan', 'border', 'cellpadding'];
const picture = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;

const tags = [
  ...['p', 'div', 'span', 'br', 'hr', 'a', 'img', 'b', 'strong', 'i', 'em', 'u', 's', 'strike', 'del', 'ins', 'sub'],
  ...['sup', 'small', 'big', 'font', 'center', 'blockquote', 'pre', 'code', 'tt', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption', 'address'],
];
const silent = ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'head', 'template', 'xmp', 'noembed'];

const attributes = {
  '*': ['style', 'dir', 'lang', 'align'],
  a: ['href', 'rel', 'target', 'title'],
  img: ['src', 'data-remote', 'alt', 'title', 'width', 'height'],
  font: ['color', 'face', 'size'],
  table: [...table, 'cellspacing'],
  tr: table,
  td: table,
  th: table,
  ol: ['start', 'type'],
};

/**
 * HTML of a mail, fit to be shown: no scripts, forms, styles of the page, frames or handlers; links open apart and tell
 * nothing. `place` gives where a `cid:` picture is (null: not in this mail). Pictures elsewhere on the network keep no
 * `src`, only `data-remote`, so that nothing is loaded unless a person asks for it.
 */
export function sanitizeMail(html: string, place: (cid: string) => string | null): string {
  return sanitizeHtml(shallow(html.slice(0, mailLimits.html)), {
    allowedTags: tags,
    nonTextTags: silent,
    allowedAttributes: attributes,
    allowedStyles: { '*': styles },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid', 'data', 'http', 'https'] },
    allowedSchemesAppliedToAttributes: ['href', 'src', 'data-remote', 'cite', 'background'],
    allowProtocolRelative: false,
    nestingLimit: mailLimits.htmlDepth,
    transformTags: {
      a: (tagName, { href, title }) => ({ tagName, attribs: linkOf(href, title) }),
      img: (tagName, { src, 'data-remote': _forged, ...attribs }) => ({
        tagName,
        attribs: { ...attribs, ...pictureOf(src ?? '', place) },
      }),
    },
  });
}

/** Tags that need no end: they are closed by what follows. */
const unclosed = /^(p|li|dt|dd|td|th|tr|tbody|thead|tfoot|option|br|hr|img|meta|link|input|col|wbr|area|base|o:p)$/i;

/** The HTML up to where more tags are open than any letter needs: parsers take the square of that many steps. */
function shallow(html: string): string {
  let open = 0;
  for (const { 0: tag, 1: name, index } of html.matchAll(/<\/?([a-z][a-z0-9:]*)/gi)) {
    if (name === undefined || unclosed.test(name)) continue;
    open = tag.startsWith('</') ? Math.max(0, open - 1) : open + 1;
    if (open > mailLimits.htmlOpen) return html.slice(0, index);
  }
  return html;
}

function linkOf(href: string | undefined, title: string | undefined): Record<string, string> {
  return {
    ...(href === undefined ? {} : { href }),
    ...(title === undefined ? {} : { title }),
    rel: 'noopener noreferrer',
    target: '_blank',
  };
}

function pictureOf(src: string, place: (cid: string) => string | null): Record<string, string> {
  const source = src.trim();
  const cid = /^cid:(.{1,998})$/is.exec(source)?.[1];
  if (cid !== undefined) {
    const found = place(cid);
    return found === null ? {} : { src: `cid:${found}` };
  }
  if (picture.test(source)) return { src: source };
  return /^https?:\/\//i.test(source) ? { 'data-remote': source } : {};
}
