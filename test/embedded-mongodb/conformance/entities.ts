import { type ClientSession, Collection, type CollectionOptions, Db, GridFSBucket, MongoClient } from 'mongodb';
import type { Spec } from './match.ts';

/** Whatever an operation can be called on. */
export type Entity = MongoClient | Db | Collection | GridFSBucket | ClientSession;

/** What one test has made, by the names of its file. */
export class Entities {
  readonly results = new Map<string, unknown>();
  private readonly uri: string;
  private readonly made = new Map<string, Entity>();

  constructor(uri: string) {
    this.uri = uri;
  }

  get(id: string): Entity {
    const found = this.made.get(id);
    if (found === undefined) throw new Error(`the runner has no entity ${id}`);
    return found;
  }

  session(id: unknown): ClientSession {
    return this.get(String(id)) as ClientSession;
  }

  async create(specs: readonly Spec[]): Promise<void> {
    for (const spec of specs)
      for (const [kind, value] of Object.entries(spec)) await this.createOne(kind, value as Spec & { id: string });
  }

  async close(): Promise<void> {
    for (const entity of this.made.values())
      if ('endSession' in entity && typeof entity.endSession === 'function') await entity.endSession();
    for (const entity of this.made.values()) if (entity instanceof MongoClient) await entity.close();
  }

  private async createOne(kind: string, spec: Spec & { id: string }): Promise<void> {
    this.made.set(spec.id, await this.entity(kind, spec));
  }

  private async entity(kind: string, spec: Spec): Promise<Entity> {
    switch (kind) {
      case 'client': {
        const options = { minHeartbeatFrequencyMS: 10, ...(spec.uriOptions as object | undefined) };
        return await new MongoClient(this.uri, options as object).connect();
      }
      case 'database':
        return (this.get(String(spec.client)) as MongoClient).db(
          String(spec.databaseName),
          spec.databaseOptions as object,
        );
      case 'collection':
        return (this.get(String(spec.database)) as Db).collection(
          String(spec.collectionName),
          spec.collectionOptions as CollectionOptions,
        );
      case 'session':
        return (this.get(String(spec.client)) as MongoClient).startSession(spec.sessionOptions as object);
      case 'bucket':
        return new GridFSBucket(this.get(String(spec.database)) as Db, spec.bucketOptions as object);
      default:
        throw new Unsupported(`entity ${kind}`);
    }
  }
}

/** What the driver or the runner does not have: the test is counted as skipped. */
export class Unsupported extends Error {}

/** Which of the kinds an entity is. */
export function kindOf(entity: Entity): 'client' | 'database' | 'collection' | 'bucket' | 'session' {
  if (entity instanceof MongoClient) return 'client';
  if (entity instanceof Db) return 'database';
  if (entity instanceof Collection) return 'collection';
  return entity instanceof GridFSBucket ? 'bucket' : 'session';
}
