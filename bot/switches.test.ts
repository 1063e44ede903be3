import { expect, test } from 'vitest';
import { z } from 'zod';
import { TokenBudget } from './llm/budget.ts';
import { guardedModel } from './llm/guarded.ts';
import type { LanguageModel } from './llm/model.ts';
import { withModelUsage } from './llm/turn-usage.ts';
import { takeAllowance } from './store/rate-limits.ts';
import { flipSwitch, switchHistory, switchStates } from './store/switches.ts';
import { onEachEngine } from './store/testing/engines.ts';
import { MODEL_SWITCH, Switches } from './switches.ts';

const request = { prompt: 'p@1', system: '', user: '', name: 'n', schema: z.string() };

onEachEngine('[R-027] switches and shared limits', (store) => {
  test('what one process switches the others see; who, when and why stays on record', async () => {
    const other = await store().another();
    const [here, there] = [new Switches(store().database, fail), new Switches(other, fail)];
    await flipSwitch(store().db, { name: 'model', state: 'off', reason: '输出异常', actor: 'zhao', at: 5 });
    await Promise.all([here.refresh(), there.refresh()]);
    expect([here.isOff('model'), there.isOff('model'), there.isOff('channel:web')]).toEqual([true, true, false]);
    await flipSwitch(other.db, { name: 'model', state: 'on', reason: '已修复', actor: 'qian', at: 9 });
    await here.refresh();
    expect(here.isOff('model')).toBe(false);
    expect(await switchStates(store().db)).toEqual([{ name: 'model', state: 'on', reason: '已修复', actor: 'qian', at: 9 }]);
    expect((await switchHistory(store().db, 9)).map(({ actor, state }) => [actor, state])).toEqual([
      ['qian', 'on'],
      ['zhao', 'off'],
    ]);
  });

  test('a model that is switched off is not asked at all: the local path answers at once', async () => {
    let asked = 0;
    const model: LanguageModel = {
      id: 'm',
      complete: async () => {
        asked++;
        return { ok: false, error: { kind: 'unavailable', message: '' } };
      },
    };
    const switches = new Switches(store().database, fail);
    const guarded = guardedModel(model, { refusal: async () => (switches.isOff(MODEL_SWITCH) ? 'off' : undefined) });
    await guarded.complete(request);
    await flipSwitch(store().db, { name: 'model', state: 'off', reason: 'x', actor: 'y', at: 1 });
    await switches.refresh();
    expect(await guarded.complete(request)).toEqual({ ok: false, error: { kind: 'resting', message: 'off' } });
    expect(asked).toBe(1);
  });

  test('tokens are counted for a visitor and for the day, over all processes, and come back the next day', async () => {
    const other = await store().another();
    const clock = { now: 1_000_000 };
    const limits = { perVisitor: 100, perDay: 250 };
    const [here, there] = [store().database, other].map(
      ({ db }) =>
        new TokenBudget(
          () => db,
          limits,
          () => clock.now,
        ),
    ) as [TokenBudget, TokenBudget];
    const as = <T>(visitor: string, work: () => Promise<T>) => withModelUsage({}, work, visitor);
    await as('web:a', () => here.count(60));
    expect(await as('web:a', () => there.refusal())).toBeUndefined();
    await as('web:a', () => there.count(60));
    expect(await as('web:a', () => here.refusal())).toMatch(/visitor/);
    expect(await as('web:b', () => here.refusal())).toBeUndefined();
    await as('web:b', () => here.count(140));
    expect(await as('web:c', () => there.refusal())).toMatch(/day/);
    clock.now += 86_400_001;
    expect(await as('web:a', () => here.refusal())).toBeUndefined();
  });

  test('parallel uses of one allowance all count, whichever process they come to', async () => {
    const other = await store().another();
    const waits = await Promise.all(
      Array.from({ length: 12 }, (_, n) => takeAllowance(n % 2 ? other.db : store().db, 'k', { limit: 5, windowMs: 60_000 }, 1000)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    expect(Math.max(...waits)).toBe(60_000);
    expect(await takeAllowance(store().db, 'k', { limit: 5, windowMs: 60_000 }, 61_000)).toBe(0);
  });
});

function fail(error: unknown): never {
  throw error;
}
