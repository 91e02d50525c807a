import mongoose, { type Connection } from 'mongoose';
import { BlobGone, type Blobs } from './blobs.ts';

/** Blobs in the database (GridFS), for several servers without a common disk. Made by `connect`, so the database is open. */
export function gridFsBlobs(connection: Connection): Blobs {
  const { db } = connection;
  if (db === undefined) throw new Error('the database is not connected');
  const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName: 'blobs' });

  async function filesOf(name: string) {
    return await bucket.find({ filename: name }).toArray();
  }

  return {
    async write(name, bytes) {
      // The files row comes last: until then nothing finds the chunks.
      const upload = bucket.openUploadStream(name);
      try {
        // One chunk after the other, so that none is on its way when an upload breaks off.
        for await (const chunk of bytes) await done((told) => upload.write(chunk, told));
        await done((told) => upload.end(told));
      } catch (error) {
        await upload.abort();
        throw error;
      }
    },
    async *read(name, range) {
      const [file] = await filesOf(name);
      if (file === undefined) throw new BlobGone(name);
      const part = range === undefined ? {} : { start: range.start, end: range.end + 1 };
      for await (const chunk of bucket.openDownloadStream(file._id, part)) yield chunk as Uint8Array;
    },
    async remove(name) {
      for (const { _id } of await filesOf(name)) await bucket.delete(_id);
    },
  };
}

/** A stream's callback as a promise. */
function done(start: (told: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error == null ? resolve() : reject(error)));
  });
}
