import { expect, it } from 'vitest';
import { loadTestPack } from '../../tests/support/pack.ts';
import { startedByNumber } from './numbered.ts';

const { flows } = await loadTestPack();

it.each([
  ['GD2600000014 0661', { receipt: 'GD2600000014', phoneTail: '0661' }],
  ['我的工单GD2600000014处理得怎么样了，查询码0661', { receipt: 'GD2600000014', phoneTail: '0661' }],
  ['AL2026000101办到哪了', { receipt: 'AL2026000101' }],
  ['ＧＤ２６００００００１４', { receipt: 'GD2600000014' }],
  ['身份证丢了怎么办', undefined],
  ['我的电话是13812345678，查询码0661', undefined],
  ['XGD26000000149', undefined],
])('[R-113] a number starts the progress flow with what came with it: %s', (said, slots) => {
  expect(startedByNumber(said, flows)).toEqual(slots && { type: 'start_flow', flow: 'progress-query', slots });
});
