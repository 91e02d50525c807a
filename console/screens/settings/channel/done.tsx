import { useState } from 'preact/hooks';
import type { ChannelView } from '#shared/channel.ts';
import { clock } from '../../../format.ts';
import { Button } from '../../../parts/button.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { say, t } from '../../../text.ts';
import { ConnectionState } from '../connection-state.tsx';
import { QrCode } from './qr.tsx';
import { useWatched, type Watched } from './watched.ts';

/** "Envie uma mensagem agora": waits until one comes in, and turns green. */
export function TestMessage({ channel }: { channel: Watched }) {
  const words = t.channels;
  const [before] = useState(channel.health.lastIn);
  const { lastIn } = channel.health;
  const came = lastIn !== null && lastIn !== before;
  if (channel.kind === 'webchat') return null;
  const as = channel.account ?? channel.name;
  return (
    <div class={came ? 'test-message came' : 'test-message'} role="status">
      <Icon name={came ? 'check' : 'clock'} />
      <span>
        <strong>{say(words.testNow[channel.kind], { as })}</strong>
        <br />
        {came ? say(words.testCame, { time: clock(lastIn) }) : words.testWaiting}
      </span>
    </div>
  );
}

/** The step "Pronto" of a channel that was just made. */
export function Done({ made, link, onOpen }: { made: ChannelView; link?: string; onOpen: (now: ChannelView) => void }) {
  const words = t.channels;
  const { channel } = useWatched(made.id, 2_000);
  const shown = channel ?? made;
  const online = shown.connection.phase === 'online';
  return (
    <div class="form">
      <h3>{online ? say(words.finished, { name: shown.name }) : words.notYet}</h3>
      <p>
        <ConnectionState channel={shown} />
      </p>
      {link !== undefined && (
        <div class="deep-link">
          <QrCode text={link} label={words.telegram.qr} />
          <a href={link} target="_blank" rel="noreferrer">
            {words.telegram.link}
          </a>
        </div>
      )}
      {channel !== null && online && <TestMessage channel={channel} />}
      <div class="acts">
        <Button kind="primary" onClick={() => onOpen(shown)}>
          {words.open}
        </Button>
      </div>
    </div>
  );
}
