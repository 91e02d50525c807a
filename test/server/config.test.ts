import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '#server/config.ts';

const faults = (env: Record<string, string>): string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
};

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      mongodbUri: null,
      production: false,
      trustProxy: [],
    });
  });

  it('takes an empty variable as absent', () => {
    expect(readConfig({ PORT: '', MONGODB_URI: '' })).toMatchObject({ port: 3000, mongodbUri: null });
  });

  it('keeps only the origin of PUBLIC_URL and splits TRUST_PROXY', () => {
    const config = readConfig({ PUBLIC_URL: 'https://desk.example/x?y', TRUST_PROXY: '10.0.0.1, 10.0.0.2' });
    expect(config).toMatchObject({ publicUrl: 'https://desk.example', trustProxy: ['10.0.0.1', '10.0.0.2'] });
  });

  it.each([
    [{ PORT: '65536' }, /PORT/],
    [{ PUBLIC_URL: 'ftp://x' }, /PUBLIC_URL/],
    [{ MONGODB_URI: 'postgres://x' }, /MONGODB_URI/],
    [{ BALCAO_SETUP_CODE: 'a b' }, /BALCAO_SETUP_CODE/],
    [{ REDIS_URL: 'redis://x' }, /REDIS_URL/],
    [{ SECRET_KEY: 'short' }, /SECRET_KEY/],
    [{ NODE_ENV: 'production' }, /SECRET_KEY/],
    [{ SECRET_KEY_FILE: '/nowhere/secret' }, /SECRET_KEY_FILE/],
  ])('refuses %o with one sentence', (env, sentence) => {
    expect(faults(env as Record<string, string>)).toEqual([expect.stringMatching(sentence)]);
  });

  it('names all faults at once', () => {
    expect(faults({ PORT: 'x', LOG_LEVEL: 'x', REDIS_URL: 'redis://x' })).toHaveLength(3);
  });
});
