import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AttachmentView } from '#shared/message.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { say, t } from '../../text.ts';
import './lightbox.css';

interface LightboxProps {
  pictures: readonly AttachmentView[];
  first: number;
  onClose: () => void;
}

/** A message's pictures over the whole window; arrows, Home and End walk, Esc and a click beside the picture close. */
export default function Lightbox({ pictures, first, onClose }: LightboxProps) {
  const [at, setAt] = useState(first);
  const dialog = useOpenDialog();
  const picture = pictures[at];
  if (!picture) return null;
  const last = pictures.length - 1;
  const position = say(t.media.position, { n: at + 1, of: pictures.length });
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={`${t.media.kinds.image} ${picture.name}`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
        const next = steps[event.key];
        if (next === undefined) return;
        event.preventDefault();
        setAt(Math.max(0, Math.min(last, next)));
      }}
    >
      <header>
        <span class="name cut">{picture.name}</span>
        {last > 0 && <span role="status">{position}</span>}
        <a
          class="button quiet square"
          href={`${picture.url}?download`}
          download={picture.name}
          title={t.media.download}
        >
          <Icon name="download" />
          <span class="words">{say(t.media.downloadNamed, { name: picture.name })}</span>
        </a>
        <Button kind="quiet" icon="close" label={t.parts.close} onClick={onClose} />
      </header>
      <Whole key={picture.id} picture={picture} onBeside={onClose} />
      {last > 0 && (
        <footer>
          <Button icon="back" label={t.media.previous} why={at === 0 ? position : null} onClick={() => setAt(at - 1)} />
          <Button icon="next" label={t.media.next} why={at === last ? position : null} onClick={() => setAt(at + 1)} />
        </footer>
      )}
    </dialog>
  );
}

function Whole({ picture, onBeside }: { picture: AttachmentView; onBeside: () => void }) {
  const [failed, setFailed] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc and the cross do the same by keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc and the cross do the same by keyboard
    <div class="whole" onClick={(event) => event.target === event.currentTarget && onBeside()}>
      {failed ? (
        <p role="alert">{t.media.notShown}</p>
      ) : (
        <img src={picture.url} alt={picture.name} onError={() => setFailed(true)} />
      )}
    </div>
  );
}

/** Opens the dialog when it is drawn and gives the focus back when it goes. */
function useOpenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return dialog;
}
