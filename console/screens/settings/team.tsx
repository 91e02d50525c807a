import { useState } from 'preact/hooks';
import type { Invited } from '#shared/api.ts';
import type { Agent } from '#shared/people.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { Pill } from '../../parts/pill.tsx';
import { departmentName } from '../../state/catalog.ts';
import { me } from '../../state/me.ts';
import { t } from '../../text.ts';
import { AgentEditor } from './agent-editor.tsx';
import { useItems } from './items.ts';
import { Registry } from './registry.tsx';

/** The people of the company. */
export function Team() {
  const source = useItems<Agent>('/agents');
  // Shown once: a link lives in this screen's memory only.
  const [invited, setInvited] = useState<Invited | null>(null);
  const words = t.settings.team;
  const all = source.items.phase === 'here' ? source.items.items : [];
  const admins = all.filter(({ role, active }) => role === 'admin' && active);
  return (
    <Registry
      title={t.settings.sections.team}
      lead={words.lead}
      add={words.add}
      empty={words.empty}
      source={source}
      row={(agent) => {
        const departments = agent.departmentIds.map(departmentName);
        return {
          before: <Avatar name={agent.name} />,
          title: agent.id === me.value?.agent.id ? `${agent.name} (${words.you})` : agent.name,
          detail: [words.roles[agent.role], departments.join(', ') || lacks(agent)].filter(Boolean).join(' · '),
          marks: <Marks agent={agent} />,
          words: [agent.email, words.roles[agent.role], ...departments],
        };
      }}
      editor={(props) => (
        <AgentEditor
          key={props.item?.id ?? 'new'}
          {...props}
          lastAdmin={admins.length === 1 && admins[0]?.id === props.item?.id}
          inviteUrl={invited !== null && invited.agent.id === props.item?.id ? invited.inviteUrl : null}
          onInvited={(next) => {
            setInvited(next);
            props.onSaved(next.agent);
          }}
        />
      )}
    />
  );
}

/** An agent without department gets nothing to do; others see more without one. */
function lacks({ role }: Agent): string {
  return role === 'agent' ? t.settings.team.noDepartment : '';
}

function Marks({ agent }: { agent: Agent }) {
  if (!agent.active) return <Pill>{t.settings.registry.inactiveOne}</Pill>;
  return agent.invited ? <Pill tone="info">{t.settings.team.invited}</Pill> : null;
}
