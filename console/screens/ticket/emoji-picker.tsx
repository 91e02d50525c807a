import enWords from 'emoji-picker-element/i18n/en.js';
import ptWords from 'emoji-picker-element/i18n/pt_BR.js';
import Picker from 'emoji-picker-element/picker.js';
import enData from 'emoji-picker-element-data/en/cldr/data.json?url';
import ptData from 'emoji-picker-element-data/pt/cldr/data.json?url';
import { useEffect, useRef } from 'preact/hooks';
import { preferences } from '../../preferences.ts';
import { language } from '../../text.ts';

/** The picker of emoji-picker-element with its words and data from our own server. */
export default function EmojiPicker({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const frame = useRef<HTMLDivElement>(null);
  const choose = useRef(onEmoji);
  choose.current = onEmoji;
  useEffect(() => {
    const english = language.value === 'en';
    const picker = new Picker({
      locale: english ? 'en' : 'pt',
      dataSource: english ? enData : ptData,
      i18n: english ? enWords : ptWords,
    });
    const { theme } = preferences.value;
    if (theme !== 'auto') picker.classList.add(theme);
    picker.addEventListener('emoji-click', ({ detail }) => {
      if (detail.unicode !== undefined) choose.current(detail.unicode);
    });
    frame.current?.append(picker);
    return () => picker.remove();
  }, []);
  return <div ref={frame} class="emoji-place" />;
}
