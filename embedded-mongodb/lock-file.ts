import { closeSync, linkSync, openSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Who holds a data folder. */
export interface Owner {
  readonly pid: number;
  /** When the process started, in the units of the system; null where it cannot be known. */
  readonly started: string | null;
  readonly boot: string | null;
  readonly host: string;
  /** When the folder was locked, ISO in UTC. */
  readonly since: string;
}

/** Another living process, or another machine, holds the data folder. The message is one sentence for a person. */
export class FolderHeld extends Error {
  readonly pid: number;
  readonly since: string;

  constructor(message: string, pid: number, since: string) {
    super(message);
    this.name = 'DataFolderBusy';
    this.pid = pid;
    this.since = since;
  }
}

function heldBy(owner: Owner, here: boolean): FolderHeld {
  const where = here ? '' : ` on host ${owner.host}`;
  const how = here
    ? 'stop it or set MONGODB_URI'
    : 'stop it, set MONGODB_URI or break the lock if that host is gone for good';
  const message = `data folder in use by process ${owner.pid}${where} since ${owner.since}; ${how}`;
  return new FolderHeld(message, owner.pid, owner.since);
}

/** A held lock. */
export interface FolderLock {
  release(): void;
}

const FILE = 'owner.lock';

/**
 * Takes the exclusive lock of a data folder. A lock is stale when its process is dead, a zombie, another one by its
 * start time, or of another boot of this host; a lock of another host never is, unless it is broken on purpose.
 */
export function lockFolder(folder: string, breakLock: boolean): FolderLock {
  const path = join(folder, FILE);
  const mine = ownerOf(process.pid);
  for (let attempt = 0; attempt < 5; attempt++) {
    if (tryCreate(path, mine)) return { release: () => release(path, mine) };
    const owner = readOwner(path);
    if (owner === null) continue;
    const here = owner.host === hostname();
    if (!breakLock && (!here || isAlive(owner))) throw heldBy(owner, here);
    removeStale(path, owner);
  }
  throw new Error(`the lock file ${path} cannot be taken`);
}

/** Puts the whole file in place at once, so that nobody reads half of it. */
function tryCreate(path: string, owner: Owner): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // No hard links on this file system: exclusive creation does it, less whole.
    return createExclusively(path, owner);
  } finally {
    rmSync(draft, { force: true });
  }
}

function createExclusively(path: string, owner: Owner): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeFileSync(file, JSON.stringify(owner));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // A torn file of a process that died while it wrote it.
    return { pid: 0, started: null, boot: null, host: hostname(), since: 'unknown' };
  }
}

function removeStale(path: string, owner: Owner): void {
  const now = readOwner(path);
  if (now === null || now.pid !== owner.pid || now.since !== owner.since) return;
  rmSync(path, { force: true });
}

function release(path: string, mine: Owner): void {
  const owner = readOwner(path);
  if (owner?.pid === mine.pid && owner.since === mine.since) unlinkSync(path);
}

function isAlive(owner: Owner): boolean {
  if (owner.pid <= 0) return false;
  if (owner.boot !== null && owner.boot !== bootId()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const state = processState(owner.pid);
  if (state === null) return true;
  return state.state !== 'Z' && state.state !== 'X' && (owner.started === null || owner.started === state.started);
}

/** The owner record of a process of this host. */
export function ownerOf(pid: number): Owner {
  return {
    pid,
    started: processState(pid)?.started ?? null,
    boot: bootId(),
    host: hostname(),
    since: new Date().toISOString(),
  };
}

/** State and start time out of /proc, null where there is none. The name may hold blanks and brackets. */
function processState(pid: number): { state: string; started: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return null;
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
