import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';

/** How this process runs; frozen. */
export interface Config {
  port: number;
  host: string;
  dataDir: string;
  mongodbUri: string | null;
  /** Origin under which browsers reach the desk; null = `http://HOST:PORT`. */
  publicUrl: string | null;
  logLevel: string;
  /** Addresses of trusted proxies, for `X-Forwarded-For`. */
  trustProxy: string[];
  production: boolean;
  /** Keys the stored marks of sign-ins and invites; null = a random one kept under `dataDir`. */
  secretKey: string | null;
  /** Fixes the setup code for automation; it then does not expire. */
  setupCode: string | null;
  /** Where networks are found, when not at their usual place. */
  endpoints: { whatsapp: string | null; telegram: string | null; insecure: boolean };
  /** Where files lie: under `dataDir`, or in the database, where several servers share them. */
  mediaStore: 'disk' | 'database';
}

/** Wrong settings: every fault at once, one sentence each. The process ends with 78 (EX_CONFIG). */
export class ConfigError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const shape = z.object({
  PORT: z._default(z.string().check(z.regex(/^\d{1,5}$/, 'PORT must be a number from 0 to 65535')), '3000'),
  HOST: z._default(z.string(), '127.0.0.1'),
  DATA_DIR: z._default(z.string().check(z.minLength(1, 'DATA_DIR must name a folder')), './data'),
  MONGODB_URI: z.optional(
    z.string().check(z.regex(/^mongodb(\+srv)?:\/\//, 'MONGODB_URI must begin with mongodb:// or mongodb+srv://')),
  ),
  PUBLIC_URL: z.optional(z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must be an http(s) address' })),
  LOG_LEVEL: z._default(z.enum(levels, `LOG_LEVEL must be one of ${levels.join(', ')}`), 'info'),
  TRUST_PROXY: z._default(z.string(), ''),
  SECRET_KEY: z.optional(z.string()),
  NODE_ENV: z.optional(z.string()),
  BALCAO_SETUP_CODE: z.optional(
    z.string().check(z.regex(/^[\w-]{4,64}$/, 'BALCAO_SETUP_CODE must be 4 to 64 letters, digits, - or _')),
  ),
  REDIS_URL: z.optional(z.string()),
  WHATSAPP_SOCKET_URL: z.optional(z.url({ protocol: /^wss?$/, error: 'WHATSAPP_SOCKET_URL must be a ws(s) address' })),
  TELEGRAM_API_URL: z.optional(z.url({ protocol: /^https?$/, error: 'TELEGRAM_API_URL must be an http(s) address' })),
  BALCAO_ALLOW_INSECURE_NETWORKS: z.optional(z.enum(['0', '1'], 'BALCAO_ALLOW_INSECURE_NETWORKS must be 0 or 1')),
  MEDIA_STORE: z.optional(z.enum(['disk', 'database'], 'MEDIA_STORE must be disk or database')),
});

type Environment = Record<string, string | undefined>;

/** A variable may also be given as `<NAME>_FILE`, a file that holds it. */
function fromFiles(environment: Environment, faults: string[]): Environment {
  const result: Environment = {};
  for (const name of Object.keys(shape.shape)) {
    const file = environment[`${name}_FILE`];
    const value = environment[name];
    if (value !== undefined && value !== '') result[name] = value;
    else if (file !== undefined && file !== '') {
      try {
        result[name] = readFileSync(file, 'utf8').trim();
      } catch {
        faults.push(`${name}_FILE names a file that cannot be read: ${file}`);
      }
    }
  }
  return result;
}

/** Reads the environment once. Throws ConfigError with all faults. */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];
  const given = fromFiles(environment, faults);
  const parsed = shape.safeParse(given);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => issue.message));
  faults.push(...further(given));
  const values = parsed.data;
  if (values === undefined || faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    port: Number(values.PORT),
    host: values.HOST,
    dataDir: resolve(values.DATA_DIR),
    mongodbUri: values.MONGODB_URI ?? null,
    publicUrl: values.PUBLIC_URL === undefined ? null : new URL(values.PUBLIC_URL).origin,
    logLevel: values.LOG_LEVEL,
    trustProxy: values.TRUST_PROXY.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])),
    production: values.NODE_ENV === 'production',
    secretKey: values.SECRET_KEY ?? null,
    setupCode: values.BALCAO_SETUP_CODE ?? null,
    endpoints: {
      whatsapp: values.WHATSAPP_SOCKET_URL ?? null,
      telegram: values.TELEGRAM_API_URL ?? null,
      insecure: values.BALCAO_ALLOW_INSECURE_NETWORKS === '1',
    },
    mediaStore: values.MEDIA_STORE ?? (values.MONGODB_URI === undefined ? 'disk' : 'database'),
  });
}

/** What one variable's shape does not say. */
function further(values: Environment): string[] {
  const faults: string[] = [];
  if (Number(values.PORT) > 65_535) faults.push('PORT must be a number from 0 to 65535');
  if (values.REDIS_URL !== undefined) {
    faults.push('REDIS_URL is set, but several processes are not supported yet: unset it and start one process');
  }
  if (values.BALCAO_ALLOW_INSECURE_NETWORKS !== '1') {
    for (const name of ['WHATSAPP_SOCKET_URL', 'TELEGRAM_API_URL']) {
      if (/^(ws|http):/.test(values[name] ?? '')) {
        faults.push(`${name} is not encrypted: only for tests, together with BALCAO_ALLOW_INSECURE_NETWORKS=1`);
      }
    }
  }
  const secret = values.SECRET_KEY;
  if (secret !== undefined && (secret.length < 32 || new Set(secret).size < 10)) {
    faults.push('SECRET_KEY must be at least 32 random characters, e.g. from: openssl rand -base64 32');
  }
  if (values.NODE_ENV === 'production' && secret === undefined) {
    faults.push(
      'NODE_ENV is production: set SECRET_KEY to at least 32 random characters, e.g. from: openssl rand -base64 32',
    );
  }
  return faults;
}
