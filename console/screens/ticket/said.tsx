import type { ComponentChildren } from 'preact';

const address = /https?:\/\/[^\s<>"']+/g;

/** What somebody wrote, as text and nothing else; web addresses can be followed, in a tab that learns nothing of us. */
export function Said({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const url = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (!URL.canParse(url)) continue;
    parts.push(
      text.slice(end, match.index),
      <a key={match.index} href={url} target="_blank" rel="noopener noreferrer nofollow ugc">
        {url}
      </a>,
    );
    end = match.index + url.length;
  }
  parts.push(text.slice(end));
  return <span class="said">{parts}</span>;
}
