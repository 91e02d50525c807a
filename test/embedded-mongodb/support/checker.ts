import type { Db } from 'mongodb';

/** What a killed writer has been told is written. */
export interface Acknowledged {
  readonly inserts: ReadonlySet<string>;
  readonly transfers: ReadonlySet<string>;
}

/** What is wrong with the data of a writer that was killed: lost, torn, and indexes that differ from their documents. */
export async function faultsOf(db: Db, acknowledged: Acknowledged): Promise<string[]> {
  const ids = async (name: string) =>
    new Set((await db.collection<{ _id: string }>(name).find({}).toArray()).map((each) => each._id));
  const inserts = await ids('inserts');
  const left = await ids('left');
  const right = await ids('right');
  const faults: string[] = [];
  for (const id of acknowledged.inserts) if (!inserts.has(id)) faults.push(`lost insert ${id}`);
  for (const id of acknowledged.transfers) if (!left.has(id) || !right.has(id)) faults.push(`lost transfer ${id}`);
  for (const id of left) if (!right.has(id)) faults.push(`torn transfer ${id}`);
  for (const id of right) if (!left.has(id)) faults.push(`torn transfer ${id}`);
  const sums = await db.collection<{ _id: number; n: number }>('sums').find({}).toArray();
  const total = sums.reduce((sum, each) => sum + each.n, 0);
  if (total !== left.size) faults.push(`sums are ${total}, transfers ${left.size}`);
  for (const { name } of await db.listCollections().toArray()) faults.push(...(await indexFaults(db, name)));
  return faults;
}

async function indexFaults(db: Db, name: string): Promise<string[]> {
  const c = db.collection(name);
  const scanned = (await c.find({}).hint({ $natural: 1 }).project({ _id: 1 }).toArray())
    .map((each) => String(each._id))
    .sort();
  const faults: string[] = [];
  if ((await c.estimatedDocumentCount()) !== scanned.length) faults.push(`count of ${name} differs from its documents`);
  for (const index of await c.indexes()) {
    const found = (
      await c
        .find({})
        .hint(index.name as string)
        .project({ _id: 1 })
        .toArray()
    )
      .map((each) => String(each._id))
      .sort();
    if (found.join() !== scanned.join()) faults.push(`index ${index.name} of ${name} differs from its documents`);
  }
  return faults;
}
