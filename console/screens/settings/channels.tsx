import type { ChannelView } from '#shared/channel.ts';
import { Pill } from '../../parts/pill.tsx';
import { departmentName } from '../../state/catalog.ts';
import { t } from '../../text.ts';
import { ChannelEditor } from './channel-editor.tsx';
import { ConnectionState } from './connection-state.tsx';
import { useItems } from './items.ts';
import { Registry } from './registry.tsx';

/** Where customers write. */
export function Channels() {
  const source = useItems<ChannelView>('/channels');
  const words = t.settings.channels;
  return (
    <Registry
      title={t.settings.sections.channels}
      lead={words.lead}
      add={words.add}
      empty={words.empty}
      source={source}
      row={(channel) => ({
        before: <Glyph channel={channel} />,
        title: channel.name,
        detail: `${words.kinds[channel.kind]} · ${departmentName(channel.departmentId)}`,
        marks: (
          <>
            {channel.simulated && <Pill tone="outline">{words.simulated}</Pill>}
            <ConnectionState channel={channel} />
          </>
        ),
        words: [words.kinds[channel.kind], departmentName(channel.departmentId)],
      })}
      editor={(props) => <ChannelEditor key={props.item?.id ?? 'new'} {...props} />}
    />
  );
}

const letters = { whatsapp: 'W', telegram: 'T', email: '@', webchat: 'C' };

function Glyph({ channel }: { channel: ChannelView }) {
  return (
    <span class="avatar" aria-hidden="true">
      {letters[channel.kind]}
    </span>
  );
}
