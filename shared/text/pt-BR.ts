import type { Code } from '../errors.ts';
import { acts } from './pt-BR/acts.ts';
import { app } from './pt-BR/app.ts';
import { channels } from './pt-BR/channels.ts';
import { customer } from './pt-BR/customer.ts';
import { errors } from './pt-BR/errors.ts';
import { failures } from './pt-BR/failures.ts';
import { fields } from './pt-BR/fields.ts';
import { history } from './pt-BR/history.ts';
import { inbox } from './pt-BR/inbox.ts';
import { media } from './pt-BR/media.ts';
import { parts } from './pt-BR/parts.ts';
import { phone } from './pt-BR/phone.ts';
import { settings } from './pt-BR/settings.ts';
import { setup } from './pt-BR/setup.ts';
import { signIn } from './pt-BR/sign-in.ts';
import { ticket } from './pt-BR/ticket.ts';

const areas = {
  acts,
  app,
  channels,
  customer,
  failures,
  fields,
  history,
  inbox,
  media,
  parts,
  phone,
  settings,
  setup,
  signIn,
  ticket,
};

/** The console's dictionary: one area a screen. `customer` is what the desk itself writes to customers. */
export type Dictionary = typeof areas & { errors: Record<Code, string> };

/** Every sentence of the console in Portuguese. */
export const dictionary: Dictionary = { ...areas, errors };
