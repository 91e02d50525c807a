import { type Language, languages } from '#shared/company.ts';

/** What the desk tells about this chat. */
export interface About {
  title: string;
  greeting: string;
  language: Language;
  company: string;
}

/** `off`: there is no such chat, or it is switched off. `unreachable`: nobody answered. */
export type AboutAnswer = About | 'off' | 'unreachable';

/** Asks the desk about the chat. */
export async function askAbout(publicId: string): Promise<AboutAnswer> {
  try {
    const response = await fetch(`/api/v1/webchat/${encodeURIComponent(publicId)}`, { credentials: 'omit' });
    if (response.status === 404) return 'off';
    return aboutOf(await response.json()) ?? 'unreachable';
  } catch {
    return 'unreachable';
  }
}

function aboutOf(answer: unknown): About | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { title, greeting, language, company } = answer as Record<string, unknown>;
  const known = languages.find((one) => one === language);
  if (typeof title !== 'string' || typeof greeting !== 'string' || known === undefined) return null;
  return { title, greeting, language: known, company: typeof company === 'string' ? company : '' };
}
