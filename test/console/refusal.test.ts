// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProbeCheck } from '#shared/channel.ts';
import { explain, faultIn } from '../../console/explain.ts';
import { refusalOf } from '../../console/screens/settings/channel/refusal.ts';
import { setLanguage, t } from '../../console/text.ts';

beforeAll(() => setLanguage('pt-BR'));

const check = (step: string, code: string | null): ProbeCheck => ({
  step,
  ok: code === null,
  ms: 1,
  code,
  detail: null,
});

describe('a check that failed', () => {
  it('is told at the field that it speaks of, in the words of its code', () => {
    const refused = refusalOf([check('mail.imap-login', 'mail.host-unknown'), check('mail.smtp-login', 'mail.tls')]);
    expect(faultIn(refused, 'config.imap.host')).toBe(t.failures['mail.host-unknown']);
    expect(faultIn(refused, 'config.smtp.secure')).toBe(t.failures['mail.tls']);
    expect(faultIn(refused, 'config.imap.password')).toBeNull();
  });

  it('blames the one password, whichever server refused it', () => {
    const refused = refusalOf([check('mail.imap-login', null), check('mail.smtp-login', 'mail.login-refused')]);
    expect(refused.fields).toEqual({ 'config.imap.password': 'mail.login-refused' });
    expect(refusalOf([check('telegram.token', 'telegram.token')]).fields).toEqual({ 'config.token': 'telegram.token' });
  });

  it('is told as a whole when no field is to blame', () => {
    const refused = refusalOf([check('mail.round-trip', 'mail.timeout')]);
    expect(refused.fields).toEqual({});
    expect(explain(refused)).toBe(t.failures['mail.timeout']);
  });
});
