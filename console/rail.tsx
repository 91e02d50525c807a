import { languages } from '#shared/company.ts';
import { initials } from '#shared/people.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from './explain.ts';
import { Icon } from './parts/icon.tsx';
import { Menu, type MenuItem } from './parts/menu.tsx';
import { toast } from './parts/toast.tsx';
import type { Place } from './place.ts';
import { prefer, preferences } from './preferences.ts';
import { leave } from './session.ts';
import { calling } from './state/attention.ts';
import { searchOf } from './state/box.ts';
import { catalog } from './state/catalog.ts';
import { box } from './state/inbox.ts';
import { isAdmin, me } from './state/me.ts';
import { phoneOpen } from './state/phone.ts';
import { awayLong } from './state/troubled.ts';
import { language, say, setLanguage, t } from './text.ts';

/** The dark bar at the left (on a phone: at the bottom): modules above, preferences and account below. */
export function Rail({ place, onHelp }: { place: Place; onHelp: () => void }) {
  const simulated = catalog.value.channels.some((channel) => channel.simulated && channel.active);
  const away = awayLong.value.length > 0;
  const here = (screen: Place['screen']) => (place.screen === screen ? 'page' : undefined);
  return (
    <nav class="rail" aria-label={t.app.modules} data-thread={place.screen === 'desk' && place.ticketId !== null}>
      <a href={`/${searchOf(box.value)}`} aria-current={here('desk')} title={t.app.conversations}>
        <Icon name="chats" size={20} />
        <span class="words">{t.app.conversations}</span>
        {calling.value > 0 && place.screen !== 'desk' && <span class="dot" aria-hidden="true" />}
      </a>
      {isAdmin() && (
        <a href="/configuracoes" aria-current={here('settings')} title={t.app.settings}>
          <Icon name="gear" size={20} />
          <span class="words">{away ? say(t.channels.badge, { settings: t.app.settings }) : t.app.settings}</span>
          {away && <span class="dot bad" aria-hidden="true" />}
        </a>
      )}
      {simulated && (
        <button
          type="button"
          aria-pressed={phoneOpen.value}
          title={t.app.phone}
          onClick={() => {
            phoneOpen.value = !phoneOpen.value;
          }}
        >
          <Icon name="phone" size={20} />
          <span class="words">{t.app.phone}</span>
        </button>
      )}
      <span class="rest" />
      <Menu
        label={t.app.preferences}
        buttonClass="rail-button"
        button={<Icon name="sliders" size={20} />}
        items={choices(onHelp)}
      />
      <Account />
    </nav>
  );
}

function choices(onHelp: () => void): MenuItem[] {
  const { theme, sound, keys } = preferences.value;
  return [
    { title: t.app.theme },
    ...(['auto', 'light', 'dark'] as const).map((name) => ({
      label: t.app.themes[name],
      radio: true,
      checked: theme === name,
      onChoose: () => prefer({ theme: name }),
    })),
    null,
    { title: t.app.language },
    ...languages.map((name) => ({
      label: t.app.languages[name],
      radio: true,
      checked: language.value === name,
      onChoose: () => {
        prefer({ language: name });
        unattended(setLanguage(name), 'language');
      },
    })),
    null,
    { label: t.app.sound, checked: sound, onChoose: () => prefer({ sound: !sound }) },
    { label: t.app.keys, checked: keys, onChoose: () => prefer({ keys: !keys }) },
    null,
    { label: t.app.help, onChoose: onHelp },
  ];
}

function Account() {
  const agent = me.value?.agent;
  if (!agent) return null;
  const out = async (everywhere: boolean) => {
    try {
      await leave(everywhere);
    } catch (error) {
      toast(explain(error), 'bad');
    }
  };
  const items: MenuItem[] = [
    { title: `${agent.name} · ${t.app.roles[agent.role]}` },
    { title: me.value?.company.name ?? '' },
    null,
    { label: t.app.signOut, onChoose: () => unattended(out(false), 'sign out') },
    { label: t.app.signOutEverywhere, onChoose: () => unattended(out(true), 'sign out everywhere') },
  ];
  const marks = initials(agent.name);
  return (
    <Menu
      label={say(t.app.account, { name: agent.name, initials: marks })}
      buttonClass="account"
      button={marks}
      items={items}
    />
  );
}
