import { CopyButton } from '../../parts/copy-button.tsx';
import { t } from '../../text.ts';

/** What a site's owner pastes, and a page to try it on. */
export function Snippet({ publicId, active }: { publicId: string; active: boolean }) {
  const words = t.settings.channels;
  const code = `<script async src="${location.origin}/widget.js" data-channel="${publicId}"></script>`;
  return (
    <section class="snippet">
      <h3>{words.snippet}</h3>
      <p>{words.snippetHint}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <div class="links">
        <CopyButton value={code} label={words.snippet} words={t.parts.copy} />
        {active && (
          <a href={`/teste-do-chat?canal=${encodeURIComponent(publicId)}`} target="_blank" rel="noreferrer">
            {words.testPage}
          </a>
        )}
      </div>
    </section>
  );
}
