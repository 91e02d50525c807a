import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { inject } from 'vitest';
import { connect } from '#server/store/connect.ts';
import { afterwards } from './afterwards.ts';

/** A connection to an empty database of this file's own, dropped at its end. */
export async function testDatabase(): Promise<Connection> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const connection = await connect(inject('mongodbUri'), name);
  afterwards(async () => {
    await connection.dropDatabase();
    await connection.close();
  });
  return connection;
}
