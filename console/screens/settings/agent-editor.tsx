import type { AgentBody, Invited } from '#shared/api.ts';
import { limits } from '#shared/limits.ts';
import { type Agent, type Role, roles } from '#shared/people.ts';
import { faultIn } from '../../explain.ts';
import { patch, post } from '../../http.ts';
import { Check } from '../../parts/check.tsx';
import { TextField } from '../../parts/field.tsx';
import { Refused } from '../../refused.ts';
import { catalog } from '../../state/catalog.ts';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';
import { useDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { InviteLink, NewLink } from './invite-link.tsx';
import type { EditorProps } from './registry.tsx';
import { SwitchOff } from './switch-off.tsx';

interface AgentEditorProps extends EditorProps<Agent> {
  /** The company's only active administrator. */
  lastAdmin: boolean;
  /** The link of an invitation that was just made. */
  inviteUrl: string | null;
  onInvited: (invited: Invited) => void;
}

/** One person: who, which role, which departments; the invitation; in use or not. */
export function AgentEditor({ item, lastAdmin, inviteUrl, onInvited, onSaved, onDirty, onClose }: AgentEditorProps) {
  const words = t.settings.team;
  const draft = useDraft<AgentBody>({
    name: item?.name ?? '',
    email: item?.email ?? '',
    role: item?.role ?? 'agent',
    departmentIds: item?.departmentIds ?? [],
  });
  const { name, email, role, departmentIds } = draft.values;
  const guard = guardOf(item, lastAdmin);
  async function save(): Promise<void> {
    const body = { name: name.trim(), role, departmentIds };
    if (item === null) onInvited(await post<Invited>('/agents', { ...body, email: email.trim() }));
    else onSaved(await patch<Agent>(`/agents/${item.id}`, body));
  }
  return (
    <Editor
      title={item?.name ?? words.add}
      {...{ draft, onDirty, onClose }}
      fresh={item === null}
      {...(item === null ? { action: words.invite } : {})}
      fields={['name', 'email', 'agent.email-taken']}
      onSave={save}
      more={item && <More {...{ item, guard, draft, onSaved, onInvited }} hasLink={inviteUrl !== null} />}
    >
      {item !== null && inviteUrl !== null && <InviteLink name={item.name} url={inviteUrl} />}
      <TextField
        label={words.name}
        value={name}
        required
        maxlength={limits.nameCharacters}
        fault={faultIn(draft.fault, 'name')}
        onText={(text) => draft.set({ name: text })}
      />
      <TextField
        label={words.email}
        type="email"
        value={email}
        required
        readonly={item !== null}
        maxlength={limits.emailCharacters}
        fault={emailFault(draft.fault)}
        onText={(text) => draft.set({ email: text })}
      />
      <RoleChoice role={role} guard={guard} onRole={(next) => draft.set({ role: next })} />
      <DepartmentChoice chosen={departmentIds} onChoose={(ids) => draft.set({ departmentIds: ids })} />
    </Editor>
  );
}

/** Why role and use of this person must stay as they are, null when they may change. */
function guardOf(item: Agent | null, lastAdmin: boolean): string | null {
  if (item === null) return null;
  if (item.id === me.value?.agent.id) return t.settings.team.yourself;
  return lastAdmin ? t.settings.team.lastAdmin : null;
}

function emailFault(fault: unknown): string | null {
  const taken = fault instanceof Refused && fault.code === 'agent.email-taken';
  return taken ? t.errors['agent.email-taken'] : faultIn(fault, 'email');
}

function RoleChoice({ role, guard, onRole }: { role: Role; guard: string | null; onRole: (role: Role) => void }) {
  const words = t.settings.team;
  return (
    <fieldset class="choices">
      <legend>{words.role}</legend>
      {roles.map((one) => (
        <label key={one} class="check">
          <input
            type="radio"
            name="role"
            checked={one === role}
            disabled={guard !== null && one !== role}
            onChange={() => onRole(one)}
          />
          <span>
            {words.roles[one]}
            <span class="hint">{words.roleHints[one]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Departments in use, and those out of use that the person still belongs to. */
function DepartmentChoice({ chosen, onChoose }: { chosen: string[]; onChoose: (ids: string[]) => void }) {
  const offered = catalog.value.departments.filter(({ id, active }) => active || chosen.includes(id));
  return (
    <fieldset class="choices">
      <legend>{t.settings.team.departments}</legend>
      {offered.map(({ id, name }) => (
        <Check
          key={id}
          label={name}
          checked={chosen.includes(id)}
          onCheck={(on) => onChoose(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
      ))}
    </fieldset>
  );
}

interface MoreProps {
  item: Agent;
  guard: string | null;
  hasLink: boolean;
  draft: { busy: boolean; run: (act: () => Promise<void>, keep: 'keep') => void };
  onSaved: (agent: Agent) => void;
  onInvited: (invited: Invited) => void;
}

function More({ item, guard, hasLink, draft, onSaved, onInvited }: MoreProps) {
  const words = t.settings.team;
  const invite = async () => onInvited(await post<Invited>(`/agents/${item.id}/invite`));
  const turn = async (active: boolean) => onSaved(await patch<Agent>(`/agents/${item.id}`, { active }));
  return (
    <>
      {item.active && !hasLink && item.id !== me.value?.agent.id && (
        <NewLink invited={item.invited} busy={draft.busy} onMake={() => draft.run(invite, 'keep')} />
      )}
      <SwitchOff
        active={item.active}
        busy={draft.busy}
        why={guard}
        words={{
          off: words.deactivate,
          question: say(words.deactivateTitle, { name: item.name }),
          consequence: words.deactivateText,
          on: words.activate,
          state: words.activateText,
        }}
        onSwitch={(active) => draft.run(() => turn(active), 'keep')}
      />
    </>
  );
}
