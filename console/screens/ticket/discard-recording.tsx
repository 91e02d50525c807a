import { Dialog } from '../../parts/dialog.tsx';
import { Form } from '../../parts/form.tsx';
import { t } from '../../text.ts';

/** What was recorded is never lost by one wrong click. */
export function DiscardRecording({ onDiscard, onClose }: { onDiscard: () => void; onClose: () => void }) {
  return (
    <Dialog title={t.media.discardRecording} onClose={onClose}>
      <Form fault={null} busy={false} word={t.ticket.discard} onSubmit={onDiscard} onClose={onClose}>
        <p>{t.media.discardRecordingText}</p>
      </Form>
    </Dialog>
  );
}
