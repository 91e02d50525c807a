import { errors } from './en/errors.ts';
import { fields } from './en/fields.ts';
import { parts } from './en/parts.ts';
import { phone } from './en/phone.ts';
import { settings } from './en/settings.ts';
import { setup } from './en/setup.ts';
import { signIn } from './en/sign-in.ts';
import type { Dictionary } from './pt-BR.ts';

/** Every sentence of the console in English. */
export const dictionary: Dictionary = { errors, fields, parts, phone, settings, setup, signIn };
