import type { Document } from 'mongodb';
import { MongoClient } from 'mongodb';
import { start } from '#embedded-mongodb/start.ts';
import { took } from './rate.ts';

/** Fills a folder's database, opens it anew and says how long that takes until a count is answered. */
export async function reopened(folder: string, documents: number): Promise<void> {
  const filling = await start({ dataDir: folder, host: 'inline' });
  const client = await MongoClient.connect(filling.uri);
  const rows = client.db('bench').collection<Document>('reopened');
  for (let i = 0; i < documents; i += 10_000)
    await rows.insertMany(Array.from({ length: Math.min(10_000, documents - i) }, (_, k) => ({ v: i + k })));
  await client.close();
  await filling.close();
  let counted = 0;
  const ms = await took(async () => {
    const opened = await start({ dataDir: folder, host: 'inline' });
    const again = await MongoClient.connect(opened.uri);
    counted = await again.db('bench').collection('reopened').countDocuments();
    await again.close();
    await opened.close();
  });
  process.stdout.write(`opened with ${counted} documents, counted and closed: ${ms.toFixed(0)} ms, goal <= 1000\n`);
}
