/** The shipped progress flow over this system's own orders: number and proof, nothing more, and nothing called a sample. */
import { describe, expect, it } from 'vitest';
import { loadTestPack } from '../../tests/support/pack.ts';
import { SampleBackends } from '../flows/backends.ts';
import { FlowEngine, type FlowResult } from '../flows/engine.ts';
import { words } from '../flows/testing.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { WorkOrderBackend } from './backend.ts';
import { openOffice } from './testing/office.ts';

const { flows } = await loadTestPack();

onEachEngine('[R-113] the progress flow', (store) => {
  const open = async () => {
    const office = openOffice(store().database);
    await office.arrive('c1');
    const order = await office.take({ phone: '13812345678' });
    const behind = await SampleBackends.load(new URL('../../knowledge/packs/anlan/backends', import.meta.url).pathname, {
      now: office.now,
    });
    const backends = new WorkOrderBackend({ database: store().database, orders: office.orders, now: office.now, behind });
    return { order, engine: new FlowEngine({ flows, backends, now: office.now }) };
  };
  const through = async (engine: FlowEngine, ...answers: string[]): Promise<{ asked: (string | null)[]; last: FlowResult }> => {
    let last = await engine.start('progress-query', {});
    const asked = [last.state?.asking ?? null];
    for (const value of answers) {
      if (!last.state?.asking) break;
      last = await engine.input(last.state, [{ type: 'set_slot', slot: last.state.asking, value }]);
      asked.push(last.state?.asking ?? null);
    }
    return { asked, last };
  };

  it('asks for the number and a proof, and takes the code as well as the last four of the phone', async () => {
    const { order, engine } = await open();
    for (const proof of [order.code, '5678']) {
      const { asked, last } = await through(engine, order.number, proof);
      expect(asked).toEqual(['receipt', 'phoneTail', null]);
      expect(words(last).join()).toContain('路灯不亮');
      expect(words(last).join()).not.toContain('演示');
    }
  });

  it('a sample case is called one; a wrong proof and a mistyped number show nobody’s order', async () => {
    const { order, engine } = await open();
    expect(words((await through(engine, 'AL2026000101', '1101')).last).join()).toContain('演示数据');
    const wrong = await through(engine, order.number, '0000', '不用了');
    expect(words(wrong.last).join()).not.toContain('路灯');
    const typo = `${order.number.slice(0, -1)}${(Number(order.number.at(-1)) + 1) % 10}`;
    const { last } = await through(engine, typo, order.code);
    expect(words(last).join()).toContain('抄错了一位');
    expect(words(last).join()).not.toContain('路灯');
  });
});

describe('[R-113] what the flow asks', () => {
  it('names both numbers and both proofs', () => {
    const { receipt, phoneTail } = flows.find(({ id }) => id === 'progress-query')?.slots ?? {};
    expect(receipt?.ask).toMatch(/受理编号.*工单编号/);
    expect(phoneTail?.ask).toMatch(/后四位.*查询码/);
  });
});
