// The documented subset as data: the dispatcher refuses by it, the documentation prints it, the guard test compares with
// it what the product sends.

/** Fields that every command may carry. */
export const COMMON_FIELDS: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  '$readPreference',
  '$clusterTime',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

const QUERY = ['hint', 'collation', 'let'];
const CURSOR = ['cursor', 'filter', 'nameOnly', 'authorizedCollections', 'authorizedDatabases'];
const FIND_AND_MODIFY = [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'arrayFilters',
  'bypassDocumentValidation',
  ...QUERY,
];
const CREATE = ['capped', 'size', 'max', 'timeseries', 'viewOn', 'pipeline', 'clusteredIndex', 'validator'];
const CREATE_MORE = ['collation', 'changeStreamPreAndPostImages', 'expireAfterSeconds', 'encryptedFields', 'idIndex'];
const CREATE_REST = ['indexOptionDefaults', 'storageEngine', 'validationLevel', 'validationAction'];

/**
 * The commands, each with its own fields beside the common ones; null where what is sent does not matter. A field that
 * stands nowhere here is refused with code 40415.
 */
export const COMMAND_FIELDS: Readonly<Record<string, readonly string[] | null>> = {
  hello: null,
  isMaster: null,
  ismaster: null,
  ping: null,
  buildInfo: null,
  buildinfo: null,
  connectionStatus: null,
  getParameter: null,
  getLog: null,
  hostInfo: null,
  serverStatus: null,
  startSession: [],
  endSessions: [],
  killSessions: [],
  refreshSessions: [],
  killAllSessions: [],
  insert: ['documents', 'ordered', 'bypassDocumentValidation'],
  update: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  delete: ['deletes', 'ordered', 'let'],
  findAndModify: FIND_AND_MODIFY,
  findandmodify: FIND_AND_MODIFY,
  find: [
    'filter',
    'sort',
    'projection',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'allowDiskUse',
    'noCursorTimeout',
    'allowPartialResults',
    ...QUERY,
  ],
  getMore: ['collection', 'batchSize'],
  killCursors: ['cursors'],
  aggregate: ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation', 'explain', ...QUERY],
  count: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  distinct: ['key', 'query', 'hint', 'collation'],
  explain: ['verbosity'],
  commitTransaction: ['recoveryToken'],
  abortTransaction: ['recoveryToken'],
  create: [...CREATE, ...CREATE_MORE, ...CREATE_REST],
  drop: [],
  dropDatabase: [],
  renameCollection: ['to', 'dropTarget'],
  collMod: ['index'],
  listDatabases: CURSOR,
  listCollections: CURSOR,
  collStats: ['scale'],
  dbStats: ['scale', 'freeStorage'],
  createIndexes: ['indexes', 'commitQuorum'],
  listIndexes: CURSOR,
  dropIndexes: ['index'],
  configureFailPoint: ['mode', 'data'],
};
