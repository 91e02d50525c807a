import { ServerError } from '../errors.ts';

/** Bytes that one command may hold in memory for its sorts, groups, facets and joins together. */
const MEMORY_BUDGET = 100 * 1024 * 1024;

/** The memory of one command. */
export class Budget {
  private left: number;

  constructor(bytes: number = MEMORY_BUDGET) {
    this.left = bytes;
  }

  /** Counts bytes that are kept; `refusal` makes the error when they are too many. */
  take(bytes: number, refusal: () => ServerError): void {
    this.left -= bytes;
    if (this.left < 0) throw refusal();
  }

  /** Counts bytes that are kept if there is room for them: of a cache, which need not keep them. */
  mayTake(bytes: number): boolean {
    if (this.left < bytes) return false;
    this.left -= bytes;
    return true;
  }

  /** Gives back what is no longer kept. */
  give(bytes: number): void {
    this.left += bytes;
  }
}

/** Code 292 for a sort. */
export function sortTooLarge(): ServerError {
  return new ServerError(
    292,
    `Sort exceeded memory limit of ${MEMORY_BUDGET} bytes, but did not opt in to external sorting.`,
  );
}

/** Code 292 for a stage. */
export function stageTooLarge(stage: string): ServerError {
  return new ServerError(
    292,
    `Exceeded memory limit for ${stage}, but didn't allow external sort. Pass allowDiskUse:true to opt in.`,
  );
}

/** Code 4031700 for the documents that `$facet` keeps. */
export function facetTooLarge(): ServerError {
  return new ServerError(4031700, `document constructed by $facet exceeds the limit of ${MEMORY_BUDGET} bytes`);
}

/** Code 146 for an accumulator that keeps all values of a group. */
export function accumulatorTooLarge(name: string): ServerError {
  return new ServerError(
    146,
    `${name} used too much memory and cannot spill to disk. Memory limit: ${MEMORY_BUDGET} bytes`,
  );
}
