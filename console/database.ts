/** Opens (and at first makes) the browser's database of texts that wait to be sent. Rejects where the browser forbids it. */
function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('balcao', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'clientId' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let database: Promise<IDBDatabase> | null = null;

/** Runs one request on the outbox store; resolves when its transaction is complete, so that what was written stays. */
export async function inOutbox<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  database ??= opened();
  let base: IDBDatabase;
  try {
    base = await database;
  } catch (error) {
    database = null;
    throw error;
  }
  return await new Promise((resolve, reject) => {
    const transaction = base.transaction('outbox', mode, { durability: 'strict' });
    const request = ask(transaction.objectStore('outbox'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}
