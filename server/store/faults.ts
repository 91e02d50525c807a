import { MongoServerError } from 'mongodb';
import mongoose from 'mongoose';
import { Duplicate } from '../errors.ts';

/** The store's own error for E11000, with the index that refused; null for anything else. */
export function duplicateOf(error: unknown): Duplicate | null {
  if (!(error instanceof MongoServerError) || error.code !== 11_000) return null;
  return new Duplicate(/ index: (\S+) /.exec(error.message)?.[1] ?? 'unknown');
}

/** Whether this is the database being away, not a fault of ours. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof mongoose.mongo.MongoNetworkError ||
    error instanceof mongoose.mongo.MongoServerSelectionError ||
    error instanceof mongoose.mongo.MongoNotConnectedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError
  );
}
