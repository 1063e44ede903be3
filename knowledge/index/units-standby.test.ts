import { expect, test } from 'vitest';
import type { UnitHit, UnitStore } from './units.ts';
import { EmbeddedUnits } from './units-embedded.ts';
import { UnitsError, UnitsUnavailable } from './units-rank.ts';
import { StandbyUnits } from './units-standby.ts';
import { anyDay, k1b, unit } from './units-testing.ts';

/** A server that can be switched off, and may forget everything while it is off. */
class Server implements UnitStore {
  up = true;
  asked = 0;
  #units = new EmbeddedUnits(k1b);

  forget(): void {
    this.#units = new EmbeddedUnits(k1b);
  }
  get revision(): string {
    return this.#units.revision;
  }
  async replace(content: Parameters<UnitStore['replace']>[0]): Promise<void> {
    this.#answer();
    await this.#units.replace(content);
  }
  async search(...query: Parameters<UnitStore['search']>): Promise<UnitHit[]> {
    this.#answer();
    return this.#units.search(...query);
  }
  known(...args: Parameters<UnitStore['known']>): number {
    return this.#units.known(...args);
  }
  async close(): Promise<void> {}
  #answer(): void {
    this.asked++;
    if (!this.up) throw new UnitsUnavailable('the server is down');
  }
}

const content = (revision: string, ...words: string[]) => ({
  revision,
  units: words.map((word, i) => unit(`g${i}#1`, word)),
  embedderId: undefined,
});
const query = { terms: ['身份'], denseWeight: 0 };

function house(mostUnits?: number) {
  const server = new Server();
  const changes: (string | undefined)[] = [];
  const units = new StandbyUnits(server, {
    weights: k1b,
    onChange: (because) => changes.push(because?.message),
    retryMs: 5,
    mostUnits,
  });
  return { server, units, changes, search: () => units.search(query, 'passage', anyDay, 5) };
}

test('[R-021] a server that goes away mid-service is stood in for with the same hits and numbers, once told of, and takes over again by itself', async () => {
  const { server, units, changes, search } = house();
  await units.replace(content('1', '身份', '社保'));
  const before = await search();
  expect(before).toHaveLength(1);
  server.up = false;
  expect(await search()).toEqual(before);
  expect(units.degraded?.message).toBe('the server is down');
  const asked = server.asked;
  expect(await search()).toEqual(before);
  // No citizen waits for a server that is known to be away.
  expect(server.asked - asked).toBeLessThanOrEqual(1);
  server.forget();
  server.up = true;
  await expect.poll(() => units.degraded).toBeUndefined();
  expect(await search()).toEqual(before);
  expect(changes).toEqual(['the server is down', undefined]);
  await units.close();
});

test('a house starts and publishes without its server, and hands over the newest content when it comes', async () => {
  const { server, units, search } = house();
  server.up = false;
  await units.replace(content('1', '身份'));
  await units.replace(content('2', '社保', '身份'));
  expect((await search()).map(({ itemId }) => itemId)).toEqual(['g1']);
  expect([units.revision, units.known(['社保', '医保'], 'passage')]).toEqual(['2', 0.5]);
  server.up = true;
  await expect.poll(() => server.revision).toBe('2');
  await expect.poll(() => units.degraded).toBeUndefined();
  await units.close();
});

test('what is no outage is no reason to stand in, and a content too large for this process is not held in it', async () => {
  const { units, changes } = house();
  const twice = [unit('g#1', 'x'), unit('g#1', 'x')];
  await expect(units.replace({ revision: '1', units: twice, embedderId: undefined })).rejects.toThrow(UnitsError);
  expect(changes).toEqual([]);
  const large = house(1);
  await large.units.replace(content('1', '身份', '社保'));
  large.server.up = false;
  await expect(large.search()).rejects.toThrow('the server is down');
  await expect(large.units.replace(content('2', '身份', '社保'))).rejects.toThrow('the server is down');
});
