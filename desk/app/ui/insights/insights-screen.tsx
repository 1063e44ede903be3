/** What happened in a period: figures with their formulas, plots, gaps in the knowledge, quality flags. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Breakdown, type Figure, lastDays, type Period, queryOf, readInsights, shown } from '../../state/insights.ts';
import type { DeskState } from '../../state/types.ts';
import { channelName, outcomeName } from '../../state/words.ts';
import { TopBar } from '../top-bar.tsx';
import { Bars, DayChart } from './charts.tsx';
import { Evaluating } from './evaluation.tsx';
import { Audit, Rising, Service, Topics } from './governance.tsx';
import { Gaps, Quality } from './lists.tsx';
import { Transcript } from './transcript.tsx';
import { Bursts, Cards, Compared, Evaluations, Search } from './trends.tsx';

type Loaded = { figures: readonly Figure[]; breakdown: Breakdown };

export function InsightsScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const [period, setPeriod] = useState<Period>(() => ({ ...lastDays(30, Date.now() + store.client.clockOffset), channel: '' }));
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState('');
  const [view, setView] = useState<View>('daily');
  const [opened, setOpened] = useState<{ title: string; ids: readonly string[] } | null>(null);

  useEffect(() => {
    let stale = false;
    void readInsights(store.client, period).then((answer) => {
      if (stale) return;
      setProblem(answer.ok ? '' : answer.message);
      setLoaded(answer.ok ? answer.value : null);
    });
    return () => {
      stale = true;
    };
  }, [period, store]);

  return (
    <div class="insights">
      <TopBar store={store} state={state} />
      <main class="insights-main" tabIndex={-1}>
        <PeriodForm period={period} channels={loaded?.breakdown.channels.map((row) => row.key) ?? []} onChange={setPeriod} />
        <Views view={view} onChange={setView} />
        {problem !== '' && (
          <p class="form-problem" role="alert">
            {problem}
          </p>
        )}
        {view === 'governing' && (
          <>
            <Rising store={store} />
            <Audit store={store} period={period} />
            <Topics store={store} period={period} />
            <Service store={store} period={period} />
            <Evaluating store={store} />
          </>
        )}
        {view === 'daily' && loaded !== null && (
          <>
            <Bursts store={store} onOpen={(title, ids) => setOpened({ title, ids })} />
            <Figures figures={loaded.figures} onOpen={(figure) => setOpened({ title: figure.name, ids: figure.conversations })} />
            <Compared store={store} period={period} />
            <Plots breakdown={loaded.breakdown} />
            <Gaps store={store} period={period} onOpen={(title, ids) => setOpened({ title, ids })} />
            <Quality store={store} period={period} onOpen={(title, ids) => setOpened({ title, ids })} />
            <Cards store={store} period={period} />
            <Search store={store} period={period} onOpen={(title, ids) => setOpened({ title, ids })} />
            <Evaluations store={store} />
          </>
        )}
      </main>
      {opened !== null && <Transcript store={store} title={opened.title} ids={opened.ids} onClose={() => setOpened(null)} />}
    </div>
  );
}

const viewNames = { daily: '日常', governing: '治理和评价' } as const;
type View = keyof typeof viewNames;

function Views({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  return (
    <nav class="period" aria-label="看哪一面">
      {(Object.entries(viewNames) as [View, string][]).map(([one, name]) => (
        <button
          key={one}
          type="button"
          class={one === view ? 'button primary' : 'button'}
          aria-pressed={one === view}
          onClick={() => onChange(one)}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}

interface FormProps {
  period: Period;
  channels: readonly string[];
  onChange: (period: Period) => void;
}

function PeriodForm({ period, channels, onChange }: FormProps) {
  const now = Date.now();
  return (
    <form class="period" aria-label="时间和渠道" onSubmit={(event) => event.preventDefault()}>
      <h2>服务数据</h2>
      {[1, 7, 30, 90].map((days) => (
        <button key={days} type="button" class="button quiet" onClick={() => onChange({ ...period, ...lastDays(days, now) })}>
          {days === 1 ? '今天' : `近 ${days} 天`}
        </button>
      ))}
      <label>
        从{' '}
        <input
          type="date"
          value={period.from}
          max={period.to}
          onChange={(event) => event.currentTarget.value && onChange({ ...period, from: event.currentTarget.value })}
        />
      </label>
      <label>
        到{' '}
        <input
          type="date"
          value={period.to}
          min={period.from}
          onChange={(event) => event.currentTarget.value && onChange({ ...period, to: event.currentTarget.value })}
        />
      </label>
      <label>
        渠道{' '}
        <select value={period.channel} onChange={(event) => onChange({ ...period, channel: event.currentTarget.value })}>
          <option value="">全部</option>
          {[...new Set([...channels, ...(period.channel === '' ? [] : [period.channel])])].map((channel) => (
            <option key={channel} value={channel}>
              {channelName(channel)}
            </option>
          ))}
        </select>
      </label>
      <a class="button quiet" href={`/desk/api/insights.csv?${queryOf(period)}`} download>
        导出 CSV
      </a>
    </form>
  );
}

function Figures({ figures, onOpen }: { figures: readonly Figure[]; onOpen: (figure: Figure) => void }) {
  return (
    <ul class="figures" data-testid="figures">
      {figures.map((figure) => (
        <li key={figure.id} class="figure-card">
          <h3>{figure.name}</h3>
          <p class="figure-value">{shown(figure)}</p>
          <p class="hint">
            {figure.formula}（样本 {figure.n}）
          </p>
          {figure.conversations.length > 0 && (
            <button
              type="button"
              class="button quiet"
              onClick={() => onOpen(figure)}
              aria-label={`看 ${figure.conversations.length} 个对话：${figure.name}`}
            >
              看 {figure.conversations.length} 个对话
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Plots({ breakdown }: { breakdown: Breakdown }) {
  const { days, channels, hours, departments, outcomes, items } = breakdown;
  const rate = (part: number, whole: number) => (whole === 0 ? '' : `转人工 ${Math.round((part / whole) * 100)}%`);
  return (
    <section class="plots" aria-label="分布">
      <DayChart rows={days} />
      <Bars
        title="按渠道"
        unit="个"
        bars={channels.map((row) => ({
          key: row.key,
          label: channelName(row.key),
          value: row.conversations,
          note: rate(row.handedOver, row.conversations),
        }))}
      />
      <Bars
        title="按部门（引用了哪个部门的知识）"
        unit="个"
        bars={departments.map((row) => ({
          key: row.key,
          label: row.key,
          value: row.conversations,
          note: rate(row.handedOver, row.conversations),
        }))}
      />
      <Bars
        title="应答结果"
        unit="次"
        bars={outcomes.map((row) => ({ key: row.outcome, label: outcomeName(row.outcome), value: row.turns }))}
      />
      <Bars
        title="一天中的时段"
        unit="个"
        bars={hours.map((row) => ({ key: row.key, label: `${row.key} 时`, value: row.conversations }))}
      />
      <Bars
        title="问得最多的事项"
        unit="个"
        bars={items.slice(0, 15).map((row) => ({
          key: row.itemId,
          label: row.title,
          value: row.conversations,
          note: row.score === null ? '' : `评价 ${row.score.toFixed(1)} 分`,
        }))}
      />
    </section>
  );
}
