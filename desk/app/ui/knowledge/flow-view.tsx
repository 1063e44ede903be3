/** A flow drawn from top to bottom: each step a row, each way that leaves the straight line an arrow beside it; below, what is wrong. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { checkFlow, type FlowCheck } from '../../state/knowledge.ts';

const checkAfterMs = 400;
const rowHeight = 52;
const laneWidth = 14;

const kindNames: Record<FlowCheck['outline'][number]['kind'], string> = {
  collect: '提问',
  say: '说明',
  branch: '分支',
  goto: '跳转',
  call: '查询',
  notice: '一次性告知',
  answer: '知识库回答',
  flow: '子流程',
  handoff: '转人工',
  end: '结束',
};

export function FlowView({ store, yaml }: { store: DeskStore; yaml: string }) {
  const [check, setCheck] = useState<FlowCheck | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const answer = await checkFlow(store.client, yaml);
      if (stale) return;
      setProblem(answer.ok ? '' : answer.message);
      if (answer.ok) setCheck(answer.value);
    }, checkAfterMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [yaml, store]);
  if (check === null) return <p class={problem === '' ? 'hint' : 'form-problem'}>{problem || '正在检查…'}</p>;
  return (
    <section aria-label="流程图和检查" data-testid="flow-view">
      {check.problems.length === 0 ? (
        <p class="hint" role="status">
          检查过了，没有问题
        </p>
      ) : (
        <div class="form-problem" role="status">
          <p>有 {check.problems.length} 处要改：</p>
          <ul>
            {check.problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Steps outline={check.outline} />
    </section>
  );
}

function Steps({ outline }: { outline: FlowCheck['outline'] }) {
  const arrows = outline.flatMap(({ next }, from) =>
    next.flatMap(({ to }) => (to === from + 1 ? [] : [{ from, to: to ?? outline.length }])),
  );
  const lanes = laneOf(arrows);
  const width = (Math.max(0, ...lanes) + 2) * laneWidth;
  const middle = (row: number) => row * rowHeight + rowHeight / 2;
  if (outline.length === 0) return null;
  return (
    <div class="flow-drawn">
      <ol class="flow-steps">
        {outline.map((step, index) => (
          <li key={index} class={`flow-step ${step.kind}`} style={`block-size:${rowHeight}px`}>
            <span class="flow-kind">
              {index + 1} {kindNames[step.kind]}
            </span>
            <span class="flow-words" title={step.words}>
              {step.words.includes('：') ? `${step.words.replace(/^[^：]*：/, '')} ` : ''}
              {step.next
                .filter(({ to, label }) => label !== null || to !== index + 1)
                .map(({ to, label }) => `${label === null ? '' : `${label} `}→ ${to === null ? '结束' : `第 ${to + 1} 步`}`)
                .join('；')}
            </span>
          </li>
        ))}
      </ol>
      <svg width={width} height={outline.length * rowHeight} aria-hidden="true">
        {arrows.map(({ from, to }, index) => {
          const x = ((lanes[index] ?? 0) + 1) * laneWidth;
          const end = to >= outline.length ? outline.length * rowHeight - 2 : middle(to) - 6;
          return (
            <g key={`${from} ${to}`}>
              <path class="flow-arrow" d={`M0,${middle(from) + 6} H${x} V${end} H5`} />
              <path class="flow-head" d={`M0,${end} l7,-4 v8 z`} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** The column of each arrow: those that run beside each other get columns of their own, short ones next to the steps. */
export function laneOf(arrows: readonly { readonly from: number; readonly to: number }[]): number[] {
  const lanes: number[] = arrows.map(() => 0);
  const order = arrows.map((_, index) => index).sort((a, b) => span(arrows[a]) - span(arrows[b]));
  const placed: number[] = [];
  for (const index of order) {
    const one = arrows[index];
    if (!one) continue;
    const beside = placed.filter((other) => crosses(one, arrows[other])).map((other) => lanes[other]);
    let lane = 0;
    while (beside.includes(lane)) lane += 1;
    lanes[index] = lane;
    placed.push(index);
  }
  return lanes;
}

const span = (arrow: { from: number; to: number } | undefined): number => (arrow ? arrow.to - arrow.from : 0);
const crosses = (a: { from: number; to: number }, b: { from: number; to: number } | undefined): boolean =>
  b !== undefined && a.from < b.to && b.from < a.to;
