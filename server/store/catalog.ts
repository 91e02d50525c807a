import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Conclusion, Department } from '#shared/catalog.ts';
import { inward, modelOf, objectId, outward, rowOptions } from './rows.ts';

const departmentSchema_ = new Schema(
  {
    companyId: { type: objectId, required: true },
    name: { type: String, required: true },
    /** The name without case, so that "Suporte" and "suporte" are one. */
    nameKey: { type: String, required: true },
    color: { type: Number, required: true },
    attends: { type: Boolean, required: true },
    active: { type: Boolean, required: true },
  },
  rowOptions,
);
departmentSchema_.index({ companyId: 1, nameKey: 1 }, { unique: true, name: 'department_name' });

const conclusionSchema_ = new Schema(
  {
    companyId: { type: objectId, required: true },
    name: { type: String, required: true },
    forRequester: { type: Boolean, required: true },
    active: { type: Boolean, required: true },
  },
  rowOptions,
);
conclusionSchema_.index({ companyId: 1, name: 1 }, { unique: true, name: 'conclusion_name' });

const keyOf = (name: string): string => name.trim().toLowerCase();
const withoutKey = { nameKey: 0 } as const;

/** The registries of one company. */
export function catalogOf(connection: Connection, companyId: string, session: ClientSession | null) {
  const departments = modelOf(connection, 'departments');
  const conclusions = modelOf(connection, 'conclusions');
  return {
    async departments(): Promise<Department[]> {
      const rows = await departments.find({ companyId }, withoutKey).sort({ _id: 1 }).session(session).lean();
      return rows.map(outward<Department>);
    },
    async department(id: string): Promise<Department | null> {
      const row = await departments.findOne({ companyId, _id: id }, withoutKey).session(session).lean();
      return row === null ? null : outward<Department>(row);
    },
    async addDepartment(department: Department): Promise<void> {
      await departments.create([{ ...inward(companyId, department), nameKey: keyOf(department.name) }], { session });
    },
    async changeDepartment(id: string, fields: Partial<Department>): Promise<void> {
      const named = fields.name === undefined ? fields : { ...fields, nameKey: keyOf(fields.name) };
      await departments.updateOne({ companyId, _id: id }, { $set: named }).session(session);
    },
    async conclusions(): Promise<Conclusion[]> {
      const rows = await conclusions.find({ companyId }).sort({ _id: 1 }).session(session).lean();
      return rows.map(outward<Conclusion>);
    },
    async conclusion(id: string): Promise<Conclusion | null> {
      const row = await conclusions.findOne({ companyId, _id: id }).session(session).lean();
      return row === null ? null : outward<Conclusion>(row);
    },
    async addConclusion(conclusion: Conclusion): Promise<void> {
      await conclusions.create([inward(companyId, conclusion)], { session });
    },
  };
}

export const departmentSchema = { name: 'departments', schema: departmentSchema_ };
export const conclusionSchema = { name: 'conclusions', schema: conclusionSchema_ };
