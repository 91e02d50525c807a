import { useState } from 'preact/hooks';
import type { AttachmentView } from '#shared/message.ts';
import { lazyScreen } from '../../screen.tsx';
import { say, t } from '../../text.ts';
import { FileLine } from './file-line.tsx';
import { Player } from './player.tsx';

interface LightboxProps {
  pictures: readonly AttachmentView[];
  first: number;
  onClose: () => void;
}

const Lightbox = lazyScreen<LightboxProps>(() => import('./lightbox.tsx'));

const browserPictures = /^image\/(png|jpeg|webp|gif|avif|bmp)$/;

/** Whether the browser can draw it; a HEIC or TIFF without a small picture is a file like any other. */
const isPicture = ({ kind, thumbnail, mime }: AttachmentView): boolean =>
  kind === 'image' && (thumbnail || browserPictures.test(mime));

/** The files of a message: pictures together, everything else one below the other. */
export function Attachments({ items }: { items: readonly AttachmentView[] }) {
  const pictures = items.filter(isPicture);
  return (
    <>
      {pictures.length > 0 && <Pictures pictures={pictures} />}
      {items.map((item) => !isPicture(item) && <Other key={item.id} item={item} />)}
    </>
  );
}

function Other({ item }: { item: AttachmentView }) {
  switch (item.kind) {
    case 'audio':
    case 'voice':
      return <Player item={item} />;
    case 'video':
      return <Video item={item} />;
    case 'sticker':
      return <Sticker item={item} />;
    default:
      return <FileLine item={item} />;
  }
}

/** The place of a film of which only its player will know the shape: as wide as the line with its name. */
const unknown = { width: '280px', aspectRatio: '4 / 3' };

/** Longest side of a picture in the thread. */
const most = 320;

/** Space is kept from the first drawing on, so that nothing jumps when the picture comes. */
function geometry({ width, height }: AttachmentView, side: number) {
  if (width === null || height === null || width === 0 || height === 0) {
    return { width: `${side * 0.7}px`, aspectRatio: '4 / 3' };
  }
  // Very long or very wide ones are cropped to a shape that can be read.
  const ratio = Math.min(2.5, Math.max(0.5, width / height));
  const wide = Math.min(side, side * ratio, Math.max(width, 96));
  return { width: `${Math.round(wide)}px`, aspectRatio: String(ratio) };
}

function Pictures({ pictures }: { pictures: readonly AttachmentView[] }) {
  const [shown, setShown] = useState<number | null>(null);
  const single = pictures.length === 1;
  return (
    <div class={single ? 'pictures' : 'pictures grid'}>
      {pictures.map((picture, index) => (
        <button
          key={picture.id}
          type="button"
          class="picture"
          style={single ? geometry(picture, most) : undefined}
          aria-label={say(t.media.open, { name: `${t.media.kinds.image} ${picture.name}` })}
          onClick={() => setShown(index)}
        >
          <Drawn item={picture} />
        </button>
      ))}
      {shown !== null && <Lightbox pictures={pictures} first={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

function Drawn({ item }: { item: AttachmentView }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <span class="not-shown">{t.media.notShown}</span>;
  const source = item.thumbnail ? `${item.url}/thumbnail` : item.url;
  return <img src={source} alt="" loading="lazy" decoding="async" onError={() => setFailed(true)} />;
}

function Sticker({ item }: { item: AttachmentView }) {
  return (
    <img
      class="sticker"
      style={geometry(item, 144)}
      src={item.url}
      alt={t.media.kinds.sticker}
      loading="lazy"
      decoding="async"
    />
  );
}

function Video({ item }: { item: AttachmentView }) {
  return (
    <>
      <video
        class="video"
        style={item.width === null ? unknown : geometry(item, most)}
        src={item.url}
        controls
        preload="metadata"
        playsInline
        aria-label={`${t.media.kinds.video} ${item.name}`}
        {...(item.thumbnail ? { poster: `${item.url}/thumbnail` } : {})}
      />
      <FileLine item={item} />
    </>
  );
}
