import { expect, it } from 'vitest';
import type { Bus } from '#server/bus.ts';
import type { Desk } from '#server/desk/desk.ts';
import { connectionsOf } from '#server/switchboard/connections.ts';
import type { Connection } from '#shared/channel.ts';

it('a channel that tries again and again is down since it went down', () => {
  let at = 0;
  const said: string[] = [];
  const bus = { say: ({ payload }: { payload: { connection: Connection } }) => said.push(payload.connection.phase) };
  const desk = { now: () => `t${at}`, company: { id: 'c' } } as Desk;
  const connections = connectionsOf(bus as unknown as Bus);
  expect(connections.sinceOf('x')).toBeNull();
  const waiting: Connection = { phase: 'waiting', retryAt: '', reason: 'r' };
  const connecting: Connection = { phase: 'connecting', attempt: 1 };
  const online: Connection = { phase: 'online', as: 'a' };
  const since = [connecting, online, waiting, connecting, waiting, online].map((connection) => {
    at += 1;
    connections.tell(desk, 'x', connection);
    return connections.sinceOf('x');
  });
  expect(since).toEqual(['t1', 't2', 't3', 't3', 't3', 't6']);
  expect(said).toHaveLength(6);
});
