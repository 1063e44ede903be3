/** Evaluating the service: indicators of a quarter or year, what people measure for them, evaluations on record, and what is public. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import {
  dayInChina,
  type EvaluationView,
  type IndicatorsView,
  periodName,
  periodsUpTo,
  publish,
  readEvaluations,
  readIndicators,
  recordEvaluation,
  sendInput,
} from '../../state/reports.ts';
import { Form } from '../form.tsx';
import { Columns, Table, useRead } from './table.tsx';

const kindNames: Record<EvaluationView['result']['kind'], string> = {
  self: '自我评价',
  satisfaction: '满意度评价',
  third_party: '第三方评价',
};

export function Evaluating({ store }: { store: DeskStore }) {
  const now = Date.now() + store.client.clockOffset;
  const [period, setPeriod] = useState(() => periodsUpTo(now)[0] ?? '');
  // Grows with everything that was sent: what is shown is read again.
  const [changes, setChanges] = useState(0);
  const [form, setForm] = useState<'input' | 'third_party' | null>(null);
  const found = useRead<IndicatorsView>(() => readIndicators(store.client, period), [period, changes, store]);
  const role = store.state.me?.role;
  const mayRecord = role === 'supervisor' || role === 'admin';
  const changed = (words: string) => {
    setForm(null);
    setChanges(changes + 1);
    store.toast('info', words);
  };
  const record = async (kind: 'self' | 'satisfaction') => {
    const answer = await recordEvaluation(store.client, { kind, period });
    if (answer.ok) changed(`已记录${kindNames[kind]}`);
    else store.toast('problem', answer.message);
  };
  return (
    <section aria-labelledby="evaluating-title" data-testid="evaluating">
      <h2 id="evaluating-title">评价</h2>
      <form class="period" aria-label="评价什么" onSubmit={(event) => event.preventDefault()}>
        <label>
          时期{' '}
          <select value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>
            {periodsUpTo(now).map((one) => (
              <option key={one} value={one}>
                {periodName(one)}
              </option>
            ))}
          </select>
        </label>
        {found !== null && found.manual.length > 0 && (
          <button
            type="button"
            class="button quiet"
            aria-expanded={form === 'input'}
            onClick={() => setForm(form === 'input' ? null : 'input')}
          >
            填报指标
          </button>
        )}
        {found?.over && mayRecord && (
          <>
            {found.result !== null && (
              <button type="button" class="button quiet" onClick={() => void record('self')}>
                记录自我评价
              </button>
            )}
            <button type="button" class="button quiet" onClick={() => void record('satisfaction')}>
              记录满意度评价
            </button>
            <button
              type="button"
              class="button quiet"
              aria-expanded={form === 'third_party'}
              onClick={() => setForm(form === 'third_party' ? null : 'third_party')}
            >
              登记第三方评价
            </button>
          </>
        )}
        {found?.over && (
          <a class="button quiet" href={`/desk/api/evaluations/pack.zip?period=${period}`} download>
            导出给第三方的材料
          </a>
        )}
      </form>
      {found !== null && !found.over && <p class="hint">这个时期还没有结束：下面是到现在为止的数字，结束后才能记录评价。</p>}
      {form === 'input' && found !== null && (
        <InputForm store={store} period={period} found={found} onDone={() => changed('已填报')} onCancel={() => setForm(null)} />
      )}
      {form === 'third_party' && (
        <ThirdPartyForm store={store} period={period} onDone={() => changed('已登记第三方评价')} onCancel={() => setForm(null)} />
      )}
      {found !== null &&
        (found.result === null ? <p class="list-empty">知识包里没有指标体系（indicators.yaml）</p> : <Tree result={found.result} />)}
      <Records store={store} mayPublish={mayRecord} changes={changes} onChanged={changed} />
    </section>
  );
}

const points = (got: number | null, of: number): string => (got === null ? `没有数据（满分 ${of}）` : `${got} / ${of}`);
const leafValue = ({ value, unit }: { value: number | null; unit: string | null }): string =>
  value === null ? '—' : `${Number(value.toFixed(3))}${unit === null ? '' : ` ${unit}`}`;

function Tree({ result }: { result: NonNullable<IndicatorsView['result']> }) {
  return (
    <>
      <p>
        <strong>
          得分 {result.points} / 可得分 {result.possible}
        </strong>{' '}
        <span class="hint">
          {result.name}。依据：{result.basis}。没有数据的指标不计分，也不计入可得分（满分 100）。
        </span>
      </p>
      {result.parts.map((part) => (
        <Table
          key={part.id}
          caption={`${part.name}：${part.points} / ${part.possible}（满分 ${part.weight}）`}
          head={['指标', '得分', '数值', '样本', '怎么来的']}
          rows={part.leaves.map((leaf) => [
            leaf.name,
            points(leaf.points, leaf.weight),
            leafValue(leaf),
            leaf.n === null ? '—' : String(leaf.n),
            leaf.how,
          ])}
        />
      ))}
    </>
  );
}

interface FormProps {
  store: DeskStore;
  period: string;
  onDone: () => void;
  onCancel: () => void;
}

function InputForm({ store, period, found, onDone, onCancel }: FormProps & { found: IndicatorsView }) {
  const [leaf, setLeaf] = useState(found.manual[0]?.leaf ?? '');
  const chosen = found.manual.find((one) => one.leaf === leaf);
  return (
    <Form
      class="knowledge-form"
      label="填报指标"
      submit="填报"
      send={(typed) =>
        sendInput(store.client, {
          period,
          leaf,
          hall: chosen?.perHall ? typed('hall') : '',
          value: Number(typed('value')),
          source: typed('source'),
        })
      }
      onDone={onDone}
      onCancel={onCancel}
    >
      <label class="field">
        <span>指标</span>
        <select value={leaf} onChange={(event) => setLeaf(event.currentTarget.value)}>
          {found.manual.map((one) => (
            <option key={one.leaf} value={one.leaf}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {chosen?.perHall && (
        <label class="field">
          <span>大厅</span>
          <select name="hall">
            {found.halls.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
                {found.inputs.some((input) => input.leaf === leaf && input.hall === id) ? '（已填报）' : ''}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>数值（{chosen?.unit}）</span>
        <input name="value" type="number" step="any" required />
      </label>
      <label class="field">
        <span>数字从哪里来</span>
        <input name="source" required maxLength={500} />
      </label>
    </Form>
  );
}

function ThirdPartyForm({ store, period, onDone, onCancel }: FormProps) {
  return (
    <Form
      class="knowledge-form"
      label="登记第三方评价"
      submit="登记"
      send={(typed) =>
        recordEvaluation(store.client, {
          kind: 'third_party',
          period,
          evaluator: typed('evaluator'),
          score: Number(typed('score')),
          method: typed('method'),
          findings: typed('findings'),
          pack: typed('pack') || null,
        })
      }
      onDone={onDone}
      onCancel={onCancel}
    >
      <label class="field">
        <span>评价机构</span>
        <input name="evaluator" required maxLength={100} />
      </label>
      <label class="field">
        <span>得分（0–100）</span>
        <input name="score" type="number" min={0} max={100} step="any" required />
      </label>
      <label class="field">
        <span>方法（公布后人人可见）</span>
        <textarea name="method" rows={3} required maxLength={2000} />
      </label>
      <label class="field">
        <span>结论（公布后人人可见，不要写个人信息）</span>
        <textarea name="findings" rows={4} required maxLength={4000} />
      </label>
      <label class="field">
        <span>所用材料 SHA256SUMS 文件的 SHA-256（可以不写）</span>
        <input name="pack" pattern="[0-9a-f]{64}" maxLength={64} />
      </label>
    </Form>
  );
}

function scoreOf({ result }: EvaluationView): string {
  switch (result.kind) {
    case 'self':
      return `${result.tree.points} / ${result.tree.possible}`;
    case 'satisfaction':
      return result.ratings.satisfaction === null
        ? '没有评价'
        : `满意率 ${(result.ratings.satisfaction * 100).toFixed(1)}%（${result.ratings.count} 个评价）`;
    case 'third_party':
      return `${result.report.score} / 100`;
  }
}

interface RecordsProps {
  store: DeskStore;
  mayPublish: boolean;
  changes: number;
  onChanged: (words: string) => void;
}

function Records({ store, mayPublish, changes, onChanged }: RecordsProps) {
  const records = useRead<EvaluationView[]>(() => readEvaluations(store.client), [changes, store]);
  const toggle = async (one: EvaluationView) => {
    const answer = await publish(store.client, one.id, one.publishedAt === null);
    if (answer.ok) onChanged(one.publishedAt === null ? '已公布' : '已撤回');
    else store.toast('problem', answer.message);
  };
  if (records === null || records.length === 0) return <p class="list-empty">还没有记录过评价</p>;
  return (
    <table class="lines" data-testid="evaluation-records">
      <caption class="hint">
        记录在案的评价；公布的在 <a href="/service-reports">/service-reports</a>
      </caption>
      <Columns names={['时期', '评价', '评价方', '结果', '公布']} />
      <tbody>
        {records.map((one) => (
          <tr key={one.id}>
            <th scope="row">{periodName(one.period)}</th>
            <td>{kindNames[one.result.kind]}</td>
            <td>{one.evaluator}</td>
            <td>{scoreOf(one)}</td>
            <td>
              {one.publishedAt === null ? '没有公布' : `${dayInChina(one.publishedAt)} ${one.publishedBy}`}{' '}
              {mayPublish && (
                <button
                  type="button"
                  class="button quiet"
                  aria-label={`${one.publishedAt === null ? '公布' : '撤回'}：${periodName(one.period)}${kindNames[one.result.kind]}`}
                  onClick={() => void toggle(one)}
                >
                  {one.publishedAt === null ? '公布' : '撤回'}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
