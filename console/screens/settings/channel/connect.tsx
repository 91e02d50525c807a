import { useState } from 'preact/hooks';
import { type ChannelKind, type ChannelView, channelKinds } from '#shared/channel.ts';
import { t } from '../../../text.ts';
import { ChannelEditor } from '../channel-editor.tsx';
import type { EditorProps } from '../registry.tsx';
import { EmailWizard } from './email.tsx';
import { Frame } from './frame.tsx';
import { KindGlyph } from './glyph.tsx';
import { TelegramWizard } from './telegram.tsx';
import { WhatsAppWizard } from './whatsapp.tsx';

/** Connecting a channel: which kind, then its wizard. */
export function Connect(props: EditorProps<ChannelView>) {
  const [kind, setKind] = useState<ChannelKind | null>(null);
  const { onClose, onDirty, onSaved } = props;
  const wizard = { onClose, onDirty, onSaved };
  if (kind === 'whatsapp') return <WhatsAppWizard {...wizard} />;
  if (kind === 'telegram') return <TelegramWizard {...wizard} />;
  if (kind === 'email') return <EmailWizard {...wizard} />;
  if (kind === 'webchat') return <ChannelEditor {...props} />;
  const words = t.channels;
  return (
    <Frame title={words.connect} step={null} onClose={onClose}>
      <h3>{words.choose}</h3>
      <ul class="kinds">
        {channelKinds.map((one) => (
          <li key={one}>
            <button type="button" onClick={() => setKind(one)}>
              <KindGlyph kind={one} />
              <span class="texts">
                <strong>{t.settings.channels.kinds[one]}</strong>
                <span>{words.kindHints[one]}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
