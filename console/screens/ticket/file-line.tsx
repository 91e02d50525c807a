import type { AttachmentView } from '#shared/message.ts';
import { Icon } from '../../parts/icon.tsx';
import { sizeOf } from '../../parts/measures.ts';
import { t } from '../../text.ts';

/** A file to be saved: what it is called, how large it is. */
export function FileLine({ item }: { item: AttachmentView }) {
  return (
    <a class="file" href={`${item.url}?download`} download={item.name}>
      <Icon name="file" size={20} />
      <span class="words">{t.media.download} </span>
      <span class="texts">
        <span class="name cut">{item.name}</span>
        <span class="size">{sizeOf(item.bytes)}</span>
      </span>
      <Icon name="download" />
    </a>
  );
}
