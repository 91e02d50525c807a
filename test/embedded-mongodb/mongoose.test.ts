import mongoose, { type Connection, Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { database, rejection } from './support/database.ts';

const base = database();
let connection: Connection;

beforeAll(async () => {
  connection = await mongoose
    .createConnection(base.uri, { dbName: 'goose', autoIndex: false, autoCreate: false })
    .asPromise();
});
afterAll(() => connection.close());

describe('mongoose', () => {
  it('creates indexes, populates, and reads lean documents', async () => {
    const Department = connection.model('Department', new Schema({ name: String }, { minimize: false }));
    const ticket = new Schema(
      { no: Number, department: { type: Schema.Types.ObjectId, ref: 'Department' }, meta: {} },
      { minimize: false, timestamps: true },
    );
    ticket.index({ no: -1 }, { unique: true });
    const Ticket = connection.model('Ticket', ticket);
    await Ticket.createIndexes();
    const support = await Department.create({ name: 'Suporte' });
    await Ticket.create([
      { no: 1, department: support._id, meta: {} },
      { no: 2, department: support._id, meta: { a: 1 } },
    ]);
    const found = await Ticket.find({ no: { $gte: 1 } })
      .sort({ no: -1 })
      .limit(1)
      .populate('department')
      .lean();
    expect(found[0]).toMatchObject({ no: 2, meta: { a: 1 }, department: { name: 'Suporte' } });
    expect((await Ticket.findOne({ no: 1 }).lean())?.meta).toEqual({});
    expect((await rejection(Ticket.create({ no: 1 }))).code).toBe(11000);
  });

  it('runs transactions and bulk writes', async () => {
    const Item = connection.model('Item', new Schema({ n: Number, tags: [String] }));
    await connection.transaction(async (session) => {
      await Item.create([{ n: 1 }, { n: 2 }], { session, ordered: true });
      await Item.updateOne({ n: 1 }, { $addToSet: { tags: 'x' } }, { session });
    });
    await Item.bulkWrite([
      { updateMany: { filter: {}, update: { $inc: { n: 10 } } as never } },
      { deleteOne: { filter: { n: 12 } } },
      { insertOne: { document: { n: 5 } as never } },
    ]);
    expect((await Item.find().sort({ n: 1 }).lean()).map((each) => [each.n, each.tags])).toEqual([
      [5, []],
      [11, ['x']],
    ]);
  });
});
