/** One store of records in this browser. */
export interface Kept {
  /** Runs one request on the store; resolves when its transaction is complete, so that what was written stays. */
  in<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T>;
}

/** A store in a database of its own: a newer page never waits for an older one to let go of it. */
function keptIn(name: string, storeName: string, keyPath: string): Kept {
  let database: Promise<IDBDatabase> | null = null;
  return {
    async in(mode, ask) {
      database ??= opened(name, storeName, keyPath);
      let base: IDBDatabase;
      try {
        base = await database;
      } catch (error) {
        database = null;
        throw error;
      }
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(storeName, mode, { durability: 'strict' });
        const request = ask(transaction.objectStore(storeName));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
        transaction.onerror = () => reject(transaction.error);
      });
    },
  };
}

/** Opens (and at first makes) a database with one store. Rejects where the browser forbids it. */
function opened(name: string, storeName: string, keyPath: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Texts that wait to be sent. */
export const outboxStore = keptIn('balcao', 'outbox', 'clientId');

/** Files that wait to be uploaded. */
export const fileStore = keptIn('balcao-files', 'files', 'key');
