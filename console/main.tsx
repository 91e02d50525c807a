// The foundations come before every screen's own sheet, which may then refine them.
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/layers.css';
import './style/marks.css';

import { render } from 'preact';
import { reportUnattended, unattended } from '#shared/unattended.ts';
import { App } from './app.tsx';
import { followTheme, preferences } from './preferences.ts';
import { Unanswered } from './refused.ts';
import { resume } from './session.ts';
import { languageOfBrowser, setLanguage } from './text.ts';

reportUnattended((what, error) => {
  // Reaches `window.onerror` and the browser's console under the name of what was under way.
  reportError(new Error(what, { cause: error }));
});

async function start(): Promise<void> {
  followTheme();
  await setLanguage(preferences.value.language ?? languageOfBrowser());
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  await arrive();
}

/** Asks who is signed in until the server answers. */
async function arrive(): Promise<void> {
  try {
    await resume();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    setTimeout(() => unattended(arrive(), 'resume'), 2_000);
  }
}

unattended(start(), 'start');
