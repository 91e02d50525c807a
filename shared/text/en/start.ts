import type { start as source } from '../pt-BR/start.ts';

export const start: typeof source = {
  embedded: 'Database: embedded in {folder} (for evaluation and small teams; set MONGODB_URI in production)',
  ready: 'Balcão at {origin}',
  readyToSetUp: 'Balcão at {origin} - set it up once at {link}',
  portTaken: 'Port {port} is used by another program: stop it or set PORT to another port.',
  hostUnusable: 'Cannot listen on {host}:{port}: check HOST and PORT.',
  folderBusy: 'The data folder {folder} is in use by process {pid}: stop it, or set DATA_DIR or MONGODB_URI.',
  folderUnusable: 'The data folder {folder} cannot be created: set DATA_DIR to a writable folder.',
  noAnswer: 'The database does not answer ({cause}): check MONGODB_URI, or unset it to use the embedded database.',
  noReplicaSet:
    'The server of MONGODB_URI is no replica set and has no transactions: start it with --replSet rs0 and run rs.initiate() once (one node is enough).',
};
