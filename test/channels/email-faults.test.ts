import { describe, expect, it } from 'vitest';
import { reasonOf, sendFault, wordOf } from '#channels/email/faults.ts';

describe('errors of the network as codes', () => {
  const error = (more: object, message = 'x') => Object.assign(new Error(message), more);
  it.each([
    [error({ code: 'ENOTFOUND' }), 'mail.host-unknown'],
    [error({ code: 'EDNS' }), 'mail.host-unknown'],
    [error({ code: 'ECONNREFUSED' }), 'mail.connection-refused'],
    [error({ code: 'ESOCKET' }, 'connect ECONNREFUSED 127.0.0.1:1'), 'mail.connection-refused'],
    [error({ code: 'CONNECT_TIMEOUT' }), 'mail.timeout'],
    [error({ code: 'ETIMEDOUT' }), 'mail.timeout'],
    [error({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'mail.tls'],
    [error({ code: 'ESOCKET' }, 'self-signed certificate'), 'mail.tls'],
    [error({ code: 'ETLS' }, 'STARTTLS not offered'), 'mail.tls'],
    [error({ authenticationFailed: true, responseText: 'Invalid credentials' }), 'mail.login-refused'],
    [
      error({ authenticationFailed: true, responseText: 'Application-specific password required' }),
      'mail.app-password',
    ],
    [
      error({ authenticationFailed: true, responseText: '[LIMIT] Too many simultaneous connections' }),
      'mail.login-later',
    ],
    [error({ code: 'NoConnection' }), 'mail.connection-lost'],
    ['nothing', 'mail.connection-lost'],
  ])('%o is %s', (fault, code) => {
    expect(reasonOf(fault)).toBe(code);
    expect(sendFault(fault).code).toBe(code);
  });
});

describe("the server's own word", () => {
  it('is one line without addresses', () => {
    const fault = Object.assign(new Error('x'), { response: '535 5.7.8 suporte@acme.test\r\n refused for suporte' });
    expect(wordOf(fault, ['suporte'])).toBe('535 5.7.8 … refused for …');
    expect(wordOf(Object.assign(new Error('')), [])).toBeNull();
  });
});
