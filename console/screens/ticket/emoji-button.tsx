import { useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Popover } from '../../parts/popover.tsx';
import { lazyScreen } from '../../screen.tsx';
import { t } from '../../text.ts';

interface PickerProps {
  onEmoji: (emoji: string) => void;
}

/** The whole picker, fetched when it is first drawn. */
export const EmojiPicker = lazyScreen<PickerProps>(() => import('./emoji-picker.tsx'));

/** Opens the emoji picker; it and its data are fetched the first time. */
export function EmojiButton({ onEmoji }: PickerProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        ref={anchor}
        kind="quiet"
        icon="smile"
        label={t.ticket.emoji}
        expanded={open}
        onClick={() => setOpen(!open)}
      />
      <Popover
        open={open}
        onClose={() => setOpen(false)}
        anchor={() => anchor.current}
        label={t.ticket.emoji}
        class="emoji"
      >
        <div class="emoji-frame">
          <EmojiPicker
            onEmoji={(emoji) => {
              setOpen(false);
              onEmoji(emoji);
            }}
          />
        </div>
      </Popover>
    </>
  );
}
