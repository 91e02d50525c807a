import type { ChannelView, WebchatConfig } from '#shared/channel.ts';
import { limits } from '#shared/limits.ts';
import { faultIn } from '../../explain.ts';
import { patch, post } from '../../http.ts';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { attendingDepartments, departmentOf } from '../../state/catalog.ts';
import { say, t } from '../../text.ts';
import { ConnectionState } from './connection-state.tsx';
import { type Draft, useDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { originsOf } from './origins.ts';
import type { EditorProps } from './registry.tsx';
import { Snippet } from './snippet.tsx';
import { SwitchOff } from './switch-off.tsx';

interface Values {
  name: string;
  departmentId: string;
  title: string;
  greeting: string;
  /** One a line. */
  origins: string;
}

/** Characters of a greeting, as the channel accepts it. */
const greetingMost = 500;

/** One channel: a web chat with its texts and sites, or a pretended one with its name and department. */
export function ChannelEditor({ item, onSaved, onDirty, onClose }: EditorProps<ChannelView>) {
  const words = t.settings.channels;
  const draft = useDraft<Values>(valuesOf(item));
  const { name, departmentId } = draft.values;
  const chat = item === null || (item.kind === 'webchat' && !item.simulated);
  const { wrong } = originsOf(draft.values.origins);
  async function save(): Promise<void> {
    const body = { name: name.trim(), departmentId, ...(chat ? { config: configOf(draft.values) } : {}) };
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
      fields={['name', 'title', 'greeting', 'origins']}
      blocked={wrong !== null}
      onSave={save}
      more={item && <More item={item} draft={draft} onSaved={onSaved} />}
    >
      {item !== null && <About item={item} />}
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
  const words = t.settings.channels;
  const { connection } = item;
  return (
    <div class="about">
      <ConnectionState channel={item} />
      {item.simulated && <p>{words.simulatedHint}</p>}
      {connection.phase === 'waiting' && <p>{say(words.reason, { reason: connection.reason })}</p>}
    </div>
  );
}

function More({
  item,
  draft,
  onSaved,
}: {
  item: ChannelView;
  draft: Draft<Values>;
  onSaved: (item: ChannelView) => void;
}) {
  const words = t.settings.channels;
  const turn = async (active: boolean) => onSaved(await patch<ChannelView>(`/channels/${item.id}`, { active }));
  return (
    <>
      {item.publicId !== null && !item.simulated && <Snippet publicId={item.publicId} active={item.active} />}
      <SwitchOff
        active={item.active}
        busy={draft.busy}
        words={{
          off: words.switchOff,
          question: say(words.switchOffTitle, { name: item.name }),
          consequence: words.switchOffText,
          on: words.switchOn,
          state: words.switchOnText,
        }}
        onSwitch={(active) => draft.run(() => turn(active))}
      />
    </>
  );
}
