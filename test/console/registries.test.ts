// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchCatalog, forgetRegistries, heardOfConnection } from '../../console/registries.ts';
import { catalog } from '../../console/state/catalog.ts';
import { me } from '../../console/state/me.ts';
import { aMe } from './build.ts';

const company = { id: 'x', name: 'X', language: 'pt-BR' as const, timezone: 'America/Sao_Paulo' };
const since = '2026-11-22T12:00:00.000Z';
const online = { phase: 'online' as const, as: 'x' };
const waiting = { phase: 'waiting' as const, retryAt: since, reason: 'channel.closed' };

type Answer = (status: number, items?: object[]) => void;

/** Lets the test answer each question by hand; four of them are one catalogue, the channels come last. */
function network(): Answer[] {
  const open: Answer[] = [];
  vi.stubGlobal('fetch', () => {
    return new Promise<Response>((resolve) => {
      open.push((status, items = []) => resolve(new Response(JSON.stringify({ items }), { status })));
    });
  });
  return open;
}

const answer = (open: readonly Answer[], round: number, connection: object, status = 200) => {
  for (const at of [0, 1, 2]) open[round * 4 + at]?.(200);
  open[round * 4 + 3]?.(status, [{ id: 'c1', connection, since }]);
};
const phase = () => catalog.value.channels.map((channel) => channel.connection.phase);

describe('the registries', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    me.value = { ...aMe('admin', []), company };
    catalog.value = { departments: [], agents: [], conclusions: [], channels: [] };
  });
  afterEach(() => {
    forgetRegistries();
    vi.useRealTimers();
  });

  it('take nothing back that was told while they were asked for', async () => {
    const open = network();
    const first = fetchCatalog();
    heardOfConnection({ channelId: 'c1', connection: waiting });
    answer(open, 0, online);
    await first;
    expect(phase()).toEqual(['waiting']);
  });

  it('are those of the last question, however late the one before is answered', async () => {
    const open = network();
    const first = fetchCatalog();
    const second = fetchCatalog();
    answer(open, 1, waiting);
    await second;
    answer(open, 0, online);
    await first;
    expect(phase()).toEqual(['waiting']);
  });

  it('are asked for again after a failure, until nobody is signed in', async () => {
    const open = network();
    const first = fetchCatalog();
    answer(open, 0, online, 503);
    await first;
    await vi.advanceTimersByTimeAsync(3_000);
    answer(open, 1, online);
    await vi.advanceTimersByTimeAsync(0);
    expect(phase()).toEqual(['online']);
    const last = fetchCatalog();
    forgetRegistries();
    answer(open, 2, waiting, 503);
    await last;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open).toHaveLength(12);
  });

  it('tell since when a channel is down, however often it tries', async () => {
    const open = network();
    const first = fetchCatalog();
    answer(open, 0, waiting);
    await first;
    heardOfConnection({ channelId: 'c1', connection: { phase: 'connecting', attempt: 2 } });
    heardOfConnection({ channelId: 'c1', connection: waiting });
    expect(catalog.value.channels.map((channel) => channel.since)).toEqual([since]);
  });
});
