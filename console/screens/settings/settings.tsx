import type { FunctionComponent } from 'preact';
import { Empty } from '../../parts/empty.tsx';
import { isAdmin } from '../../state/me.ts';
import { t } from '../../text.ts';
import { Channels } from './channels.tsx';
import { Departments } from './departments.tsx';
import { Team } from './team.tsx';
import './editor.css';
import './settings.css';

type Section = keyof typeof t.settings.sections;

/** The sections by the last part of their address. */
const sections: readonly { path: string; name: Section; Screen: FunctionComponent }[] = [
  { path: 'equipe', name: 'team', Screen: Team },
  { path: 'departamentos', name: 'departments', Screen: Departments },
  { path: 'canais', name: 'channels', Screen: Channels },
];

/** `/configuracoes/:section`: the registries of the company, for administrators. */
export default function Settings({ section }: { section: string | null }) {
  if (!isAdmin()) {
    return (
      <main class="settings">
        <Empty icon="warning" title={t.errors.forbidden}>
          <a href="/">{t.parts.toInbox}</a>
        </Empty>
      </main>
    );
  }
  const here = section === null ? sections[0] : sections.find(({ path }) => path === section);
  return (
    <div class="settings">
      <nav class="sections" aria-label={t.settings.title}>
        <h2>{t.settings.title}</h2>
        <ul>
          {sections.map(({ path, name }) => (
            <li key={path}>
              <a href={`/configuracoes/${path}`} aria-current={path === here?.path ? 'page' : undefined}>
                {t.settings.sections[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        <h1 class="words">{t.settings.title}</h1>
        {here ? (
          <here.Screen key={here.path} />
        ) : (
          <Empty icon="warning" title={t.parts.notFound}>
            <a href="/configuracoes">{t.settings.title}</a>
          </Empty>
        )}
      </main>
    </div>
  );
}
