// The documented subset as data: the dispatcher refuses by it, the documentation prints it, the guard test compares with
// it what the product sends.

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

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
  setParameter: ['ttlMonitorSleepSecs'],
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

/** The operators of a filter, on a path and, the first ones, on the whole; others are refused with code 2. */
export const FILTER_OPERATORS: ReadonlySet<string> = names(
  '$and $or $nor $expr $comment $not $eq $ne $gt $gte $lt $lte $in $nin $exists $type $regex $options $mod $all ' +
    '$size $elemMatch',
);

/** The operators of an update; others are refused with code 9. */
export const UPDATE_OPERATORS: ReadonlySet<string> = names(
  '$set $setOnInsert $unset $inc $mul $min $max $currentDate $bit $rename $push $addToSet $pop $pull $pullAll',
);

/** What `$push` takes beside a value, `$addToSet` the first of it. */
export const PUSH_PARTS: ReadonlySet<string> = names('$each $position $slice $sort');

/** The operators of a projection beside expressions. */
export const PROJECTION_OPERATORS: ReadonlySet<string> = names('$slice $elemMatch');

/** The stages of a pipeline; others are refused with code 40324. */
export const STAGES: ReadonlySet<string> = names(
  '$match $sort $skip $limit $count $project $addFields $set $unset $unwind $group $sortByCount $lookup $facet ' +
    '$replaceRoot $replaceWith $unionWith $documents $listLocalSessions $out $merge',
);

/** The accumulators of `$group`; others are refused with code 15952. */
export const ACCUMULATOR_OPERATORS: ReadonlySet<string> = names(
  '$sum $count $avg $min $max $first $last $push $addToSet $mergeObjects',
);

/** The operators of expressions; others are refused with code 168. */
export const EXPRESSIONS: ReadonlySet<string> = names(
  '$eq $ne $gt $gte $lt $lte $cmp $and $or $not $cond $ifNull $switch $let $literal $add $subtract $multiply ' +
    '$divide $mod $abs $ceil $floor $round $trunc $pow $sqrt $exp $ln $log10 $rand $setUnion $setIntersection ' +
    '$setDifference $setIsSubset $setEquals $anyElementTrue $allElementsTrue $mergeObjects $objectToArray ' +
    '$arrayToObject $getField $setField $type $arrayElemAt $first $last $concatArrays $filter $in $indexOfArray ' +
    '$isArray $map $range $reduce $reverseArray $size $slice $sortArray $concat $toLower $toUpper $substrCP ' +
    '$strLenCP $strLenBytes $split $trim $ltrim $rtrim $replaceOne $replaceAll $strcasecmp $year $month ' +
    '$dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $week $isoWeek $isoWeekYear ' +
    '$isoDayOfWeek $dateTrunc $dateAdd $dateSubtract $dateDiff $dateToParts $dateFromParts $dateToString ' +
    '$dateFromString $convert $toDouble $toString $toObjectId $toBool $toDate $toInt $toLong $toDecimal $isNumber ' +
    '$sum $avg $min $max',
);

/** The options of an index; others are refused with code 197. Of `collation` only the simple one. */
export const INDEX_OPTIONS: ReadonlySet<string> = names(
  'v key name unique sparse partialFilterExpression expireAfterSeconds hidden background ns collation',
);

/** The operators of the filter of a partial index. */
export const PARTIAL_OPERATORS: ReadonlySet<string> = names('$eq $exists $gt $gte $lt $lte $type $in');
