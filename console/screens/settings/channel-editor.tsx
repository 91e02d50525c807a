import { useState } from 'preact/hooks';
import type { ChannelView, WebchatConfig } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { faultIn } from '../../explain.ts';
import { patch, post } from '../../http.ts';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { attendingDepartments, departmentOf } from '../../state/catalog.ts';
import { say, t } from '../../text.ts';
import type { Check } from './channel/checks.tsx';
import { Health } from './channel/health.tsx';
import { KeptAccount } from './channel/kept-account.tsx';
import { provenConfig } from './channel/kept-config.ts';
import { type MailValues, valuesOfMail } from './channel/mail-form.ts';
import { Remove } from './channel/remove.tsx';
import { ConnectionState } from './connection-state.tsx';
import { type Draft, useDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { originsOf } from './origins.ts';
import type { EditorProps } from './registry.tsx';
import { Snippet } from './snippet.tsx';
import { SwitchOff } from './switch-off.tsx';

interface Values extends MailValues {
  name: string;
  departmentId: string;
  title: string;
  greeting: string;
  /** One a line. */
  origins: string;
  /** A new token of a bot; empty keeps the one there is. */
  token: string;
}

/** Characters of a greeting, as the channel accepts it. */
const greetingMost = 500;

/** Where a refusal is told at its field. */
const fields = [
  ...['name', 'title', 'greeting', 'origins', 'config.token', 'config.imap.user', 'config.imap.password'],
  ...['imap', 'smtp'].flatMap((side) => ['host', 'port', 'secure'].map((part) => `config.${side}.${part}`)),
];

/** One channel: how it does, then its name and department and what its kind has to be told. */
export function ChannelEditor({ item, onSaved, onDirty, onClose }: EditorProps<ChannelView>) {
  const words = t.settings.channels;
  const draft = useDraft<Values>(valuesOf(item));
  const { name, departmentId } = draft.values;
  const [checks, setChecks] = useState<readonly Check[] | null>(null);
  const chat = item === null || (item.kind === 'webchat' && !item.simulated);
  const { wrong } = originsOf(draft.values.origins);
  async function save(): Promise<void> {
    const config = item === null || chat ? configOf(draft.values) : await provenConfig(item, draft.values, setChecks);
    const body = { name: name.trim(), departmentId, ...(config === null ? {} : { config }) };
    onSaved(
      item === null
        ? await post<ChannelView>('/channels', { kind: 'webchat', ...body })
        : await patch<ChannelView>(`/channels/${item.id}`, body),
    );
  }
  return (
    <Editor
      title={item?.name ?? words.add}
      {...{ draft, onDirty, onClose }}
      fresh={item === null}
      fields={fields}
      blocked={wrong !== null}
      onSave={save}
      {...(item !== null && !item.simulated ? { before: <Health channelId={item.id} /> } : {})}
      more={item && <More {...{ item, draft, onSaved, onClose }} />}
    >
      {item?.simulated === true && <About item={item} />}
      {item !== null && !item.simulated && <h3>{t.channels.settingsOf}</h3>}
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        required
        maxlength={limits.nameCharacters}
        fault={faultIn(draft.fault, 'name')}
        onText={(text) => draft.set({ name: text })}
      />
      <SelectField
        label={words.department}
        hint={words.departmentHint}
        value={departmentId}
        required
        options={departmentsFor(item)}
        {...(departmentId === '' ? { empty: t.parts.choose } : {})}
        onText={(id) => draft.set({ departmentId: id })}
      />
      {chat && <ChatTexts draft={draft} wrong={wrong} />}
      {item !== null && !item.simulated && <KeptAccount kind={item.kind} draft={draft} checks={checks} />}
    </Editor>
  );
}

function valuesOf(item: ChannelView | null): Values {
  const words = t.settings.channels;
  const usual: WebchatConfig = { title: words.usualTitle, greeting: words.usualGreeting, origins: [] };
  const { title, greeting, origins } = {
    ...usual,
    ...(item?.kind === 'webchat' ? item.config : null),
  } as WebchatConfig;
  const first = attendingDepartments()[0]?.id ?? '';
  return {
    ...valuesOfMail(item?.kind === 'email' ? item.config : null),
    token: '',
    name: item?.name ?? '',
    departmentId: item?.departmentId ?? first,
    title,
    greeting,
    origins: origins.join('\n'),
  };
}

function configOf({ title, greeting, origins }: Values): WebchatConfig {
  return { title: title.trim(), greeting: greeting.trim(), origins: originsOf(origins).origins };
}

/** Departments that may receive; the channel's own stays among them though it is out of use. */
function departmentsFor(item: ChannelView | null): { value: string; label: string }[] {
  const own = departmentOf(item?.departmentId ?? null);
  const offered = attendingDepartments();
  const all = own === undefined || offered.includes(own) ? offered : [own, ...offered];
  return all.map(({ id, name }) => ({ value: id, label: name }));
}

function ChatTexts({ draft, wrong }: { draft: Draft<Values>; wrong: string | null }) {
  const words = t.settings.channels;
  const { title, greeting, origins } = draft.values;
  return (
    <>
      <TextField
        label={words.chatTitle}
        value={title}
        required
        maxlength={limits.nameCharacters}
        fault={faultIn(draft.fault, 'title')}
        onText={(text) => draft.set({ title: text })}
      />
      <TextArea
        label={words.greeting}
        hint={words.greetingHint}
        value={greeting}
        required
        rows={2}
        maxlength={greetingMost}
        fault={faultIn(draft.fault, 'greeting')}
        onText={(text) => draft.set({ greeting: text })}
      />
      <TextArea
        label={words.origins}
        hint={words.originsHint}
        optional
        value={origins}
        rows={3}
        spellcheck={false}
        fault={wrong === null ? faultIn(draft.fault, 'origins') : say(words.originsWrong, { origin: wrong })}
        onText={(text) => draft.set({ origins: text })}
      />
    </>
  );
}

function About({ item }: { item: ChannelView }) {
  return (
    <div class="about">
      <ConnectionState channel={item} />
      <p>{t.settings.channels.simulatedHint}</p>
    </div>
  );
}

function More({
  item,
  draft,
  onSaved,
  onClose,
}: {
  item: ChannelView;
  draft: Draft<Values>;
  onSaved: (item: ChannelView) => void;
  onClose: () => void;
}) {
  const pausing = !item.simulated && item.kind !== 'webchat';
  const turn = async (active: boolean) => onSaved(await patch<ChannelView>(`/channels/${item.id}`, { active }));
  return (
    <>
      {item.publicId !== null && !item.simulated && <Snippet publicId={item.publicId} active={item.active} />}
      <SwitchOff
        active={item.active}
        busy={draft.busy}
        words={pausing ? pauseWords(item) : offWords(item)}
        onSwitch={(active) => draft.run(() => turn(active), 'keep')}
      />
      {!item.simulated && <Remove item={item} onRemoved={onClose} />}
    </>
  );
}

function offWords(item: ChannelView) {
  const words = t.settings.channels;
  return {
    off: words.switchOff,
    question: say(words.switchOffTitle, { name: item.name }),
    consequence: words.switchOffText,
    on: words.switchOn,
    state: words.switchOnText,
  };
}

function pauseWords(item: ChannelView) {
  const words = t.channels;
  return {
    off: words.pause,
    question: say(words.pauseTitle, { name: item.name }),
    consequence: words.pauseText,
    on: words.resume,
    state: words.paused,
  };
}
