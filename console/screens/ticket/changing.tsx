import { useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import type { MessageView } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { post } from '../../http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { messageChanged } from '../../state/ticket.ts';
import { t } from '../../text.ts';
import { Said } from './said.tsx';

interface ChangingProps {
  message: MessageView;
  verb: 'edit' | 'remove';
  onClose: () => void;
}

/** Networks elsewhere are asked first. */
const withinMs = 30_000;

/** Edits a sent message of one's own, or takes it back for everybody; the network may refuse, and says why. */
export default function Changing({ message, verb, onClose }: ChangingProps) {
  const [text, setText] = useState(message.text);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const edits = verb === 'edit';
  const act = async () => {
    if (busy || (edits && text.trim() === '')) return;
    if (edits && text === message.text) {
      onClose();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      const path = `/tickets/${message.ticketId}/messages/${message.id}/${verb}`;
      messageChanged(await post<MessageView>(path, edits ? { text } : {}, withinMs));
      onClose();
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  const submit = () => unattended(act(), verb);
  return (
    <Dialog title={edits ? t.media.editMessage : t.media.takeBack} onClose={onClose}>
      <Form
        fault={fault}
        busy={busy}
        word={edits ? t.media.saveEdit : t.media.doTakeBack}
        onSubmit={submit}
        onClose={onClose}
      >
        {edits ? (
          <TextArea
            label={t.media.newText}
            value={text}
            onText={setText}
            rows={4}
            maxlength={limits.replyCharacters}
            readonly={busy}
            autofocus
          />
        ) : (
          <>
            <blockquote class="taken-back">
              {message.text === '' ? (
                t.media.kinds[message.attachments[0]?.kind ?? 'file']
              ) : (
                <Said text={message.text} />
              )}
            </blockquote>
            <p>{t.media.takeBackText}</p>
          </>
        )}
      </Form>
    </Dialog>
  );
}
