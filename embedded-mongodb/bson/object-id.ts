import { ObjectId } from 'bson';

// What bson's own serializer uses and its types leave out: without it every id that is read or written costs a buffer.

interface Bytes {
  serializeInto(target: Uint8Array, at: number): number;
}

const FromBytes = ObjectId as unknown as new (bytes: Uint8Array, at: number) => ObjectId;

/** The id of the twelve bytes at a place. It keeps no reference to them. */
export function readObjectId(bytes: Uint8Array, at: number): ObjectId {
  return new FromBytes(bytes, at);
}

/** Writes an id's twelve bytes at a place. */
export function writeObjectId(id: ObjectId, target: Uint8Array, at: number): void {
  (id as unknown as Bytes).serializeInto(target, at);
}
