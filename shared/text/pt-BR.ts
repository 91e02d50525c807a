import type { Code } from '../errors.ts';
import { errors } from './pt-BR/errors.ts';
import { fields } from './pt-BR/fields.ts';
import { parts } from './pt-BR/parts.ts';
import { phone } from './pt-BR/phone.ts';
import { settings } from './pt-BR/settings.ts';
import { setup } from './pt-BR/setup.ts';
import { signIn } from './pt-BR/sign-in.ts';

const areas = { fields, parts, phone, settings, setup, signIn };

/** The console's dictionary: one area a screen. What customers read is not in it. */
export type Dictionary = typeof areas & { errors: Record<Code, string> };

/** Every sentence of the console in Portuguese. */
export const dictionary: Dictionary = { ...areas, errors };
