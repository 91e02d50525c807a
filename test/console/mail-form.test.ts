import { describe, expect, it } from 'vitest';
import { mailConfig, valuesOfMail, withGuess } from '../../console/screens/settings/channel/mail-form.ts';

const kept = {
  address: 'suporte@acme.test',
  name: 'Acme',
  imap: { host: 'imap.acme.test', port: 993, secure: true, user: 'suporte', folder: 'INBOX' },
  smtp: { host: 'smtp.acme.test', port: 587, secure: false, user: 'suporte' },
};

describe('the form of a mailbox', () => {
  it('shows what is kept without its password, and leaves that out when none is typed', () => {
    const values = valuesOfMail(kept);
    expect(values).toMatchObject({ password: '', imapPort: '993', smtpSecure: false });
    const config = mailConfig(values);
    expect(JSON.stringify(config)).not.toContain('password');
    expect(config).toMatchObject({ imap: { host: 'imap.acme.test', port: 993, secure: true, user: 'suporte' } });
  });

  it('uses one password for both servers', () => {
    const config = mailConfig({ ...valuesOfMail(kept), password: 'nova' });
    expect(config).toMatchObject({ imap: { password: 'nova' }, smtp: { password: 'nova' } });
  });

  it('takes over what was guessed', () => {
    const guess = { imap: kept.imap, smtp: kept.smtp, user: 'ana', how: 'srv', provider: null, needs: null };
    expect(withGuess(guess)).toMatchObject({ user: 'ana', imapHost: 'imap.acme.test', smtpPort: '587' });
  });
});
