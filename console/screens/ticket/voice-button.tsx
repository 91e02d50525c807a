import { abilitiesOf } from '#shared/channel.ts';
import type { TicketView } from '#shared/ticket.ts';
import { Button } from '../../parts/button.tsx';
import { lazyScreen } from '../../screen.tsx';
import { t } from '../../text.ts';
import { recordingIn } from './acting.ts';

const Recorder = lazyScreen<{ ticket: TicketView }>(() => import('./recorder.tsx'));

/** Whether a reply in this ticket can be spoken. */
export const hearsVoice = ({ channel }: TicketView): boolean =>
  channel !== null && abilitiesOf[channel].includes('voice');

/** Begins a voice message. */
export function VoiceButton({ ticket }: { ticket: TicketView }) {
  if (!hearsVoice(ticket) || recordingIn.value === ticket.id) return null;
  const begin = () => {
    recordingIn.value = ticket.id;
  };
  return <Button kind="quiet" icon="mic" label={t.media.recordVoice} shortcut="m" onClick={begin} />;
}

/** The recording that goes on in this ticket; its code is fetched the first time. */
export function RecordingBar({ ticket }: { ticket: TicketView }) {
  return recordingIn.value === ticket.id ? <Recorder ticket={ticket} /> : null;
}
