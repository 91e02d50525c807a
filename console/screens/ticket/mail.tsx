import { useState } from 'preact/hooks';
import type { MailContent } from '#shared/message.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { say, t } from '../../text.ts';
import { Said } from './said.tsx';
import './mail.css';

/** What stands above a mail's text: subject and to whom else it went. */
export function MailHead({ mail }: { mail: MailContent }) {
  const { subject, to, cc } = mail;
  return (
    <div class="mail-head">
      <b>{say(t.media.subject, { subject: subject.trim() === '' ? t.media.noSubject : subject })}</b>
      {to.length > 0 && <span>{say(t.media.to, { names: to.join(', ') })}</span>}
      {cc.length > 0 && <span>{say(t.media.cc, { names: cc.join(', ') })}</span>}
    </div>
  );
}

/** A mail's text: without what it quotes, until that is asked for. */
export function MailText({ text, mail }: { text: string; mail: MailContent }) {
  const [whole, setWhole] = useState(false);
  const [html, setHtml] = useState(false);
  return (
    <>
      <Said text={whole && mail.full !== null ? mail.full : text} />
      <span class="mail-acts">
        {mail.full !== null && (
          <Button kind="link" expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? t.media.hideQuote : t.media.showQuote}
          </Button>
        )}
        {mail.html !== null && (
          <Button kind="link" onClick={() => setHtml(true)}>
            {t.media.showHtml}
          </Button>
        )}
        {mail.original !== null && (
          <a href={`${mail.original}?download`} download>
            {t.media.original}
          </a>
        )}
      </span>
      {html && mail.html !== null && (
        <MailPage address={mail.html} title={mail.subject} onClose={() => setHtml(false)} />
      )}
    </>
  );
}

/** The mail as its sender laid it out, in a frame that runs nothing and, unless asked, fetches nothing. */
function MailPage({ address, title, onClose }: { address: string; title: string; onClose: () => void }) {
  const [images, setImages] = useState(false);
  const name = title.trim() === '' ? t.media.noSubject : title;
  return (
    <Dialog title={name} wide onClose={onClose}>
      <div class="mail-page">
        {!images && (
          <p class="mail-images">
            <span>{t.media.imagesHint}</span>
            <Button compact onClick={() => setImages(true)}>
              {t.media.loadImages}
            </Button>
          </p>
        )}
        <iframe
          title={name}
          src={images ? `${address}?images=1` : address}
          sandbox="allow-same-origin allow-popups"
          referrerpolicy="no-referrer"
        />
      </div>
    </Dialog>
  );
}
