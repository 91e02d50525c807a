import { useEffect, useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import { customer as english } from '#shared/text/en/customer.ts';
import { customer as portuguese } from '#shared/text/pt-BR/customer.ts';
import { closeBlockers } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { command } from '../../live.ts';
import { useOnce } from '../../once.ts';
import { Button } from '../../parts/button.tsx';
import { Check } from '../../parts/check.tsx';
import { TextArea } from '../../parts/field.tsx';
import { Popover } from '../../parts/popover.tsx';
import { toast } from '../../parts/toast.tsx';
import { departmentName } from '../../state/catalog.ts';
import { ticketChanged } from '../../state/inbox.ts';
import { mayAnswer } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { forwardingsOf, type Thread } from '../../state/thread.ts';
import { fetchForwardings, openChanged } from '../../state/ticket.ts';
import { say, t } from '../../text.ts';
import { wantedForwarding } from './acting.ts';
import { useDraft } from './writing-field.tsx';
import './acts.css';

interface CloseProps {
  thread: Thread;
  open: boolean;
  onClose: () => void;
}

/** The popover that closes a ticket: what forbids it, each with the way to solve it; else two small questions, and Enter. */
export function CloseTicket({ thread, open, onClose }: CloseProps) {
  const { ticket } = thread;
  const blocked = closeBlockers(ticket).some((blocker) => blocker.code === 'ticket.has-open-forwardings');
  return (
    <Popover
      open={open}
      onClose={onClose}
      anchor={() => document.querySelector<HTMLElement>('.close-ticket')}
      label={say(t.acts.closeTitle, { protocol: ticket.protocol })}
      class="closing"
    >
      <h2>{say(t.acts.closeTitle, { protocol: ticket.protocol })}</h2>
      {blocked ? <Blockers thread={thread} onClose={onClose} /> : <ClosingForm thread={thread} onClose={onClose} />}
    </Popover>
  );
}

function Blockers({ thread, onClose }: Omit<CloseProps, 'open'>) {
  const { ticket } = thread;
  const by = me.value;
  // Old ones may lie above what is fetched; their buttons appear as they come in.
  useEffect(() => unattended(fetchForwardings(), 'blockers'), []);
  const unanswered = forwardingsOf(thread).filter((forwarding) => forwarding.answer === null);
  const departments = ticket.forwardedTo.map(departmentName).join(', ');
  return (
    <div class="form">
      <p class="refusal">{say(t.acts.blocked, { n: ticket.openForwardings, departments })}</p>
      <ul class="blockers">
        {unanswered.map((forwarding, index) => {
          const answers = by && mayAnswer(by, forwarding) === 'destination';
          const department = departmentName(forwarding.toDepartmentId);
          return (
            <li key={forwarding.id}>
              <Button
                kind={index === 0 ? 'primary' : 'plain'}
                autofocus={index === 0}
                onClick={() => {
                  onClose();
                  wantedForwarding.value = forwarding.id;
                }}
              >
                {say(answers ? t.acts.answerBlocker : t.acts.showBlocker, { department })}
              </Button>
            </li>
          );
        })}
      </ul>
      <div class="acts">
        <Button onClick={onClose}>{t.parts.cancel}</Button>
      </div>
    </div>
  );
}

function ClosingForm({ thread, onClose }: Omit<CloseProps, 'open'>) {
  const { ticket } = thread;
  const tellable = ticket.channelId !== null;
  const [note, setNote] = useDraft(ticket.id, 'closing');
  const once = useOnce();
  const [notify, setNotify] = useState(tellable);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const close = async () => {
    setBusy(true);
    setFault(null);
    const extra = { ...(note.trim() === '' ? {} : { note }), ...(tellable ? { notify } : {}) };
    try {
      const closed = await command('ticket:close', once({ ticketId: ticket.id, ...extra }));
      setNote('');
      openChanged(closed);
      ticketChanged(closed);
      toast(say(t.acts.closed, { protocol: ticket.protocol }));
      onClose();
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  const words = me.value?.company.language === 'en' ? english : portuguese;
  const farewell = say(words.farewell, { protocol: ticket.protocol });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) unattended(close(), 'close');
      }}
    >
      <TextArea
        label={t.acts.closingNote}
        hint={t.acts.closingNoteHint}
        value={note}
        onText={setNote}
        rows={2}
        maxlength={limits.noteCharacters}
        optional
      />
      {tellable && (
        <Check
          label={t.acts.notify}
          hint={say(t.acts.notifyHint, { text: farewell })}
          checked={notify}
          onCheck={setNotify}
        />
      )}
      {fault !== null && (
        <p class="refusal" role="alert">
          {explain(fault)}
        </p>
      )}
      <div class="acts">
        <Button onClick={onClose}>{t.parts.cancel}</Button>
        <Button kind="primary" type="submit" busy={busy} autofocus>
          {t.acts.doClose}
        </Button>
      </div>
    </form>
  );
}
