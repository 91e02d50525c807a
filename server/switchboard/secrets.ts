import type { Seal } from '../seal.ts';

type Settings = Record<string, unknown>;

/** Where the settings lie: bound into what is locked, so that a secret moved to another channel does not open. */
interface Place {
  seal: Seal;
  place: string;
}

/** Locks what stands at these dotted paths; what is not there stays away. */
export function lockSecrets({ seal, place }: Place, settings: Settings, paths: readonly string[]): Settings {
  return changedAt(settings, paths, (value, path) => {
    if (typeof value !== 'string') return value;
    const locked = seal.lock(`${place} ${path}`, new TextEncoder().encode(value));
    return { locked: Buffer.from(locked).toString('base64') };
  });
}

/** The settings with their secrets open. Throws when a secret was locked elsewhere or under another key. */
export function openSecrets({ seal, place }: Place, settings: Settings, paths: readonly string[]): Settings {
  return changedAt(settings, paths, (value, path) => {
    if (!isRecord(value) || typeof value.locked !== 'string') return value;
    return new TextDecoder().decode(seal.unlock(`${place} ${path}`, Buffer.from(value.locked, 'base64')));
  });
}

/** The settings as they may be shown. */
export function withoutSecrets(settings: Settings, paths: readonly string[]): Settings {
  return changedAt(settings, paths, () => undefined);
}

/** Given settings over kept ones, records inside records too; what is not given stays. */
export function merged(kept: Settings, given: Settings): Settings {
  const result: Settings = { ...kept };
  for (const [name, value] of Object.entries(given)) {
    const before = result[name];
    result[name] = isRecord(before) && isRecord(value) ? merged(before, value) : value;
  }
  return result;
}

function changedAt(
  settings: Settings,
  paths: readonly string[],
  change: (value: unknown, path: string) => unknown,
  above = '',
): Settings {
  const entries = Object.entries(settings).map(([name, value]) => {
    const path = above + name;
    if (paths.includes(path)) return [name, change(value, path)];
    const inside = isRecord(value) && paths.some((one) => one.startsWith(`${path}.`));
    return [name, inside ? changedAt(value, paths, change, `${path}.`) : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isRecord(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
