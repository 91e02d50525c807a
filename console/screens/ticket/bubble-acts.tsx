import { useRef, useState } from 'preact/hooks';
import type { ChannelKind } from '#shared/channel.ts';
import type { MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu, type MenuItem } from '../../parts/menu.tsx';
import { Popover } from '../../parts/popover.tsx';
import type { Doable } from '../../state/doable.ts';
import { keepQuoting, quotingFor } from '../../state/quoting.ts';
import { t } from '../../text.ts';
import { changing, wantedText } from './acting.ts';
import { EmojiPicker } from './emoji-button.tsx';
import { atHand, ownReaction, react } from './reacting.ts';
import './bubble-acts.css';

/** Answers to this message: it stands above the reply from now on. */
export function quote(message: MessageView): void {
  const { ticketId, attachments, place } = message;
  const [first] = attachments;
  const things = first ? t.media.kinds[first.kind] : place ? t.media.place : t.media.card;
  keepQuoting(ticketId, quotingFor(message, things));
  wantedText.value = { ticketId, mode: 'reply', text: '' };
}

interface BubbleActsProps {
  message: MessageView;
  channel: ChannelKind | null;
  can: Doable;
}

/** What can be done to a message; seen while the bubble is pointed at or holds the focus, one menu where there is no room. */
export function BubbleActs({ message, channel, can }: BubbleActsProps) {
  const [picking, setPicking] = useState<'nothing' | 'common' | 'all'>('nothing');
  const place = useRef<HTMLSpanElement>(null);
  if (!Object.values(can).includes(true)) return null;
  const own: MenuItem[] = [];
  if (can.edit) own.push({ label: t.ticket.edit, icon: 'pen', onChoose: () => change('edit') });
  if (can.remove) own.push({ label: t.media.takeBack, icon: 'trash', onChoose: () => change('remove') });
  const all: MenuItem[] = [...own];
  if (can.react) all.unshift({ label: t.media.react, icon: 'smile', onChoose: () => setPicking('common') });
  if (can.quote) all.unshift({ label: t.media.quote, icon: 'reply', onChoose: () => quote(message) });
  const change = (verb: 'edit' | 'remove') => {
    changing.value = { message, verb };
  };
  const choose = (emoji: string) => {
    setPicking('nothing');
    unattended(react(message, emoji), 'react');
  };
  const anchor = () =>
    [...(place.current?.querySelectorAll<HTMLElement>('.reacts, .few button') ?? [])].find(
      (button) => button.offsetParent !== null,
    ) ?? null;
  return (
    <span ref={place} class={picking === 'nothing' ? 'bubble-acts' : 'bubble-acts held'}>
      <span class="many">
        {can.react && (
          <Button
            kind="quiet"
            compact
            icon="smile"
            class="reacts"
            label={t.media.react}
            expanded={picking !== 'nothing'}
            onClick={() => setPicking('common')}
          />
        )}
        {can.quote && <Button kind="quiet" compact icon="reply" label={t.media.quote} onClick={() => quote(message)} />}
        {own.length > 0 && <More items={own} />}
      </span>
      <span class="few">
        <More items={all} />
      </span>
      {can.react && channel !== null && (
        <>
          <Popover
            open={picking === 'common'}
            onClose={() => setPicking((now) => (now === 'common' ? 'nothing' : now))}
            anchor={anchor}
            label={t.media.react}
          >
            <Common message={message} channel={channel} onChoose={choose} onMore={() => setPicking('all')} />
          </Popover>
          <Popover
            open={picking === 'all'}
            onClose={() => setPicking((now) => (now === 'all' ? 'nothing' : now))}
            anchor={anchor}
            label={t.media.react}
            class="emoji"
          >
            <div class="emoji-frame">
              <EmojiPicker onEmoji={choose} />
            </div>
          </Popover>
        </>
      )}
    </span>
  );
}

const More = ({ items }: { items: readonly MenuItem[] }) => (
  <Menu
    label={t.media.moreActs}
    button={<Icon name="more" />}
    buttonClass="button square quiet compact"
    items={items}
  />
);

interface CommonProps {
  message: MessageView;
  channel: ChannelKind;
  onChoose: (emoji: string) => void;
  onMore: () => void;
}

function Common({ message, channel, onChoose, onMore }: CommonProps) {
  const { common, free } = atHand[channel] ?? { common: [], free: true };
  const own = ownReaction(message);
  return (
    <div class="common-reactions">
      {common.map((emoji) => (
        <button key={emoji} type="button" aria-pressed={emoji === own} onClick={() => onChoose(emoji)}>
          {emoji}
        </button>
      ))}
      {free && <Button kind="quiet" icon="plus" label={t.media.otherReaction} onClick={onMore} />}
    </div>
  );
}
