/** The last evaluation that ran by itself: which suites passed, with their figures. */
import { useCallback } from 'preact/hooks';
import { momentOf, readEvaluations } from '../../state/admin.ts';
import type { DeskStore } from '../../state/desk-store.ts';
import { Section } from './section.tsx';
import { useLooking } from './use-looking.ts';

export function Evaluations({ store }: { store: DeskStore }) {
  const { seen, problem } = useLooking(
    useCallback(() => readEvaluations(store.client), [store]),
    0,
  );
  const last = seen?.[0];
  return (
    <Section title="最近一次评测" problem={problem}>
      {seen?.length === 0 && <p class="hint">还没有自动评测过，在 QUARTERLY_SUITES 里填上评测文件就会每季运行。</p>}
      {last && (
        <>
          <p class="hint">
            {last.period}，{momentOf(last.finishedAt ?? last.startedAt)}
            {last.status === 'running' ? ' 开始，还在运行' : last.status === 'failed' ? ` 没有跑完：${last.error}` : ' 完成'}
          </p>
          <ul class="admin-parts" data-testid="evaluation">
            {last.suites.map(({ name, passed, metrics }) => (
              <li key={name} class={`admin-part ${passed === false ? 'down' : passed === null ? 'off' : 'ok'}`}>
                <strong>{name}</strong>
                <span class="admin-state">{passed === null ? '没有标准' : passed ? '通过' : '没有通过'}</span>
                <span class="hint">
                  {Object.entries(metrics)
                    .slice(0, 6)
                    .map(([metric, value]) => `${metric} ${Math.round(value * 1000) / 1000}`)
                    .join('，')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
