import { acts } from './en/acts.ts';
import { app } from './en/app.ts';
import { channels } from './en/channels.ts';
import { customer } from './en/customer.ts';
import { errors } from './en/errors.ts';
import { failures } from './en/failures.ts';
import { fields } from './en/fields.ts';
import { history } from './en/history.ts';
import { inbox } from './en/inbox.ts';
import { media } from './en/media.ts';
import { parts } from './en/parts.ts';
import { phone } from './en/phone.ts';
import { settings } from './en/settings.ts';
import { setup } from './en/setup.ts';
import { signIn } from './en/sign-in.ts';
import { ticket } from './en/ticket.ts';
import type { Dictionary } from './pt-BR.ts';

/** Every sentence of the console in English. */
export const dictionary: Dictionary = {
  acts,
  app,
  channels,
  customer,
  errors,
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
