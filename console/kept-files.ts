import { fileStore } from './database.ts';
import type { Given } from './upload.ts';

/** A file of a reply that the server does not have yet, kept so that a reload does not lose it. */
export interface KeptFile extends Given {
  key: string;
  ticketId: string;
  /** Who chose it: another person at the same browser neither sees nor sends it. */
  agentId: string;
  /** When it was chosen, ISO: the order in the reply. */
  at: string;
}

/** Keeps a file; where the browser has no room for it, it lives as long as the page. */
export async function keepFile(file: KeptFile): Promise<void> {
  await unlessForbidden(fileStore.in('readwrite', (store) => store.put(file)));
}

/** The server has it, or it was taken out. */
export async function dropFile(key: string): Promise<void> {
  await unlessForbidden(fileStore.in('readwrite', (store) => store.delete(key)));
}

/** The files that an agent's earlier pages left behind, in the order in which they were chosen. */
export async function keptFiles(agentId: string): Promise<KeptFile[]> {
  const all = await unlessForbidden(fileStore.in('readonly', (store) => store.getAll() as IDBRequest<KeptFile[]>));
  return (all ?? []).filter((file) => file.agentId === agentId).sort((a, b) => (a.at < b.at ? -1 : 1));
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
