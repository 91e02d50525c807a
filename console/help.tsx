import { Dialog } from './parts/dialog.tsx';
import { preferences } from './preferences.ts';
import { t } from './text.ts';

/** The list of keys. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const list = t.app.keyList;
  const lines: [string, string][] = [
    ['j', list.next],
    ['k', list.previous],
    ['Enter', list.open],
    ['r', list.reply],
    ['n', list.note],
    ['m', list.voice],
    ['q', list.quote],
    ['f', list.forward],
    ['e', list.close],
    ['?', list.help],
  ];
  const composing: [string, string][] = [
    ['Enter', list.send],
    ['↑', list.editLast],
    ['Esc', list.leave],
  ];
  const drawn = ([key, what]: [string, string]) => (
    <div key={what}>
      <dt>
        <kbd class="keycap">{key}</kbd>
      </dt>
      <dd>{what}</dd>
    </div>
  );
  return (
    <Dialog title={t.app.help} onClose={onClose}>
      <dl class="keys">{lines.map(drawn)}</dl>
      <h3>{t.ticket.writeReply}</h3>
      <dl class="keys">{composing.map(drawn)}</dl>
      {!preferences.value.keys && <p class="refusal">{t.app.keysOff}</p>}
    </Dialog>
  );
}
