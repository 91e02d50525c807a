import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { lockFolder, ownerOf } from '#embedded-mongodb/lock-file.ts';
import { DataFolderBusy, start } from '#embedded-mongodb/start.ts';
import { newFolder, rejection } from './support/database.ts';

const folders: string[] = [];
function folder(): string {
  const made = newFolder();
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});

describe('start', () => {
  it('serves a folder from a child on a private socket, and again after it was closed', async () => {
    const dataDir = folder();
    for (const n of [1, 2]) {
      const database = await start({ dataDir });
      const client = await MongoClient.connect(database.uri);
      await client.db('x').collection('a').insertOne({ n });
      expect(await client.db('x').collection('a').countDocuments({})).toBe(n);
      expect(statSync(join(dataDir, 'db')).mode & 0o777).toBe(0o700);
      expect(statSync(join(dataDir, 'db', 's.sock')).mode & 0o777).toBe(0o600);
      await client.close();
      await database.close();
      await database.close();
      expect(existsSync(join(dataDir, 'db', 'owner.lock'))).toBe(false);
    }
  });

  it('tells when its child dies', async () => {
    const dataDir = folder();
    let died: (reason: string) => void = () => undefined;
    const death = new Promise<string>((resolve) => {
      died = resolve;
    });
    const database = await start({ dataDir, onDeath: died });
    process.kill(JSON.parse(readFileSync(join(dataDir, 'db', 'owner.lock'), 'utf8')).pid, 'SIGKILL');
    expect(await death).toContain('SIGKILL');
    await database.close();
  });

  it('moves the socket where the folder has a long or odd path', async () => {
    const dataDir = join(folder(), `${'long-name-'.repeat(10)}%41`);
    const database = await start({ dataDir, host: 'inline' });
    const client = await MongoClient.connect(database.uri);
    expect(await client.db('x').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await database.close();
  });

  it('refuses a folder that another process holds, in one sentence with its pid', async () => {
    const dataDir = folder();
    const database = await start({ dataDir });
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'db', 'owner.lock'), 'utf8')) as { pid: number };
    const error = await rejection(start({ dataDir, host: 'inline' }));
    expect(error).toBeInstanceOf(DataFolderBusy);
    expect(error.message).toMatch(
      new RegExp(`^data folder in use by process ${pid} since \\S+; stop it or set MONGODB_URI$`),
    );
    expect(error.pid).toBe(pid);
    await database.close();
  });
});

describe('the lock of a folder', () => {
  function plant(dataDir: string, owner: object): void {
    writeFileSync(join(dataDir, 'owner.lock'), JSON.stringify({ ...ownerOf(process.pid), ...owner }));
  }

  it('is stale when its process is dead, of another boot or another start', async () => {
    const dataDir = folder();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (const owner of [{ pid: child.pid }, { boot: 'another' }, { started: '1' }, { pid: 0 }]) {
      plant(dataDir, owner);
      lockFolder(dataDir, false).release();
    }
    writeFileSync(join(dataDir, 'owner.lock'), '{"pid":');
    lockFolder(dataDir, false).release();
  });

  it('is stale when its process is a zombie', async () => {
    const dataDir = folder();
    // A shell that never waits for its child leaves it behind as a zombie.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '))
      await new Promise((resolve) => setImmediate(resolve));
    plant(dataDir, ownerOf(pid));
    lockFolder(dataDir, false).release();
    shell.kill('SIGKILL');
  });

  it('is kept for a living process and for another host, unless it is broken on purpose', () => {
    const dataDir = folder();
    plant(dataDir, {});
    expect(() => lockFolder(dataDir, false)).toThrow(`in use by process ${process.pid}`);
    plant(dataDir, { host: `not-${hostname()}`, pid: 1 });
    expect(() => lockFolder(dataDir, false)).toThrow('on host not-');
    lockFolder(dataDir, true).release();
  });
});
