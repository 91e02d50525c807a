const style =
  'body{margin:12px;font:14px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}';

/**
 * A sanitised mail as a page of its own: pictures that came with it are read as files of the desk, those elsewhere on
 * the network only `withImages`. Its policy is set by who serves it.
 */
export function mailPage(html: string, withImages: boolean): string {
  const placed = html.replace(/(\ssrc=")cid:([0-9a-f]{24})"/g, '$1/api/v1/media/$2"');
  const body = withImages ? placed.replaceAll(' data-remote="', ' referrerpolicy="no-referrer" src="') : placed;
  return `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>${style}</style></head><body>${body}</body></html>`;
}
