import { useLocation } from 'preact-iso';
import type { ChannelView } from '#shared/channel.ts';
import { Pill } from '../../parts/pill.tsx';
import { catalog, departmentName } from '../../state/catalog.ts';
import { outageOf } from '../../state/troubled.ts';
import { t } from '../../text.ts';
import { accountOf } from './channel/account.ts';
import { Connect } from './channel/connect.tsx';
import { KindGlyph } from './channel/glyph.tsx';
import { ChannelEditor } from './channel-editor.tsx';
import { ConnectionState } from './connection-state.tsx';
import { type Source, useItems } from './items.ts';
import { Registry } from './registry.tsx';
import './channel/channels.css';
import './channel/health.css';
import './channel/pairing.css';

/** Where customers write. `?canal=ID` opens one of them at once. */
export function Channels() {
  const { query } = useLocation();
  const source = realFirst(useItems<ChannelView>('/channels'));
  const words = t.settings.channels;
  const asked = query.canal ?? null;
  return (
    <Registry
      key={asked ?? ''}
      title={t.settings.sections.channels}
      lead={words.lead}
      add={words.add}
      newWord={words.add}
      empty={words.empty}
      source={source}
      first={asked}
      row={(channel) => {
        const { connection, since } = catalog.value.channels.find(({ id }) => id === channel.id) ?? channel;
        return {
          before: <KindGlyph kind={channel.kind} />,
          title: channel.name,
          detail: [words.kinds[channel.kind], accountOf(channel), departmentName(channel.departmentId)]
            .filter((part) => part !== null)
            .join(' · '),
          marks: (
            <>
              {channel.simulated && <Pill tone="outline">{words.simulated}</Pill>}
              <ConnectionState
                channel={{ ...channel, connection }}
                since={channel.simulated ? null : (outageOf(channel.id) ?? since)}
              />
            </>
          ),
          words: [words.kinds[channel.kind], departmentName(channel.departmentId), channel.account ?? ''],
          group: channel.simulated ? t.channels.simulator : t.channels.real,
        };
      }}
      editor={(props) =>
        props.item === null ? <Connect key="new" {...props} /> : <ChannelEditor key={props.item.id} {...props} />
      }
    />
  );
}

/** Pretended channels stand apart, after those that customers use. */
function realFirst(source: Source<ChannelView>): Source<ChannelView> {
  const { items } = source;
  if (items.phase !== 'here') return source;
  const sorted = items.items.toSorted((a, b) => Number(a.simulated) - Number(b.simulated));
  return { ...source, items: { ...items, items: sorted } };
}
