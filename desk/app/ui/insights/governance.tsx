/** For those who answer for the service: what rises, what was promised and kept, where matters come from, how available it was. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Period, shown } from '../../state/insights.ts';
import {
  type AuditView,
  type RisingView,
  readAudit,
  readRising,
  readService,
  readTopics,
  type ServiceView,
  type TimeUnit,
  type TopicKind,
  type TopicsView,
  topicNames,
  topicsQuery,
  unitNames,
} from '../../state/reports.ts';
import { Table, useRead } from './table.tsx';

interface Props {
  store: DeskStore;
  period: Period;
}

export function Rising({ store }: Pick<Props, 'store'>) {
  const found = useRead<RisingView>(() => readRising(store.client), [store]);
  if (found === null) return null;
  return (
    <section aria-labelledby="rising-title" data-testid="rising">
      <h2 id="rising-title">未诉先办：最近七天问的人明显增多的事</h2>
      <p class="hint">和之前四周比，超出偶然波动的才列出；系统自动开一件“未诉先办”工单，两周内不重复。</p>
      {found.rising === null ? (
        <p class="list-empty">数据不足五周，还不能判断</p>
      ) : (
        <Table
          caption="事项"
          head={['事项', '部门', '最近七天', '之前每周']}
          rows={found.rising.map((one) => [one.title, one.department ?? '—', String(one.recent), one.usual.toFixed(1)])}
        />
      )}
    </section>
  );
}

const flagNames: Record<AuditView['flags'][number]['kind'], string> = {
  late: '超时限',
  beyond_authority: '超权限',
  out_of_order: '逆程序',
};
const hours = (value: number | null): string => (value === null ? '—' : `${value.toFixed(1)} 小时`);

export function Audit({ store, period }: Props) {
  const found = useRead<AuditView>(() => readAudit(store.client, period), [period, store]);
  if (found === null) return null;
  return (
    <section aria-labelledby="audit-title" data-testid="audit">
      <h2 id="audit-title">办件核查：承诺的时间和实际</h2>
      <p>
        {found.orders} 件工单，{found.rounds} 次受理（重新办理另算），答复 {found.answered} 次，超时 {found.late} 次，改过时限 {found.moved}{' '}
        次。中位数：承诺 {hours(found.promisedHours)}，实际 {hours(found.actualHours)}（自然时间，只算已答复的）。
      </p>
      {found.flagged > found.flags.length && (
        <p class="hint">
          只列出最近的 {found.flags.length} 条，共 {found.flagged} 条
        </p>
      )}
      <Table
        caption="核查发现"
        head={['工单', '问题', '说明', '部门']}
        rows={found.flags.map((flag) => [flag.order, flagNames[flag.kind], flag.words, flag.department ?? '—'])}
        empty="没有发现问题"
      />
    </section>
  );
}

export function Topics({ store, period }: Props) {
  const [by, setBy] = useState<TopicKind>('department');
  const [every, setEvery] = useState<TimeUnit>('month');
  const found = useRead<TopicsView>(() => readTopics(store.client, period, by, every), [period, by, every, store]);
  return (
    <section aria-labelledby="topics-title" data-testid="topics">
      <h2 id="topics-title">什么事、哪个区县、什么时候</h2>
      <form class="period" aria-label="按什么分" onSubmit={(event) => event.preventDefault()}>
        <Choice label="主题" names={topicNames} value={by} onChange={setBy} />
        <Choice label="时间" names={unitNames} value={every} onChange={setEvery} />
        <a class="button quiet" href={`/desk/api/insights/topics.csv?${topicsQuery(period, by, every)}`} download>
          导出（可对外）
        </a>
        <a class="button quiet" href="/desk/api/insights/forecast.csv" download>
          导出未来四周的预计人数
        </a>
      </form>
      {found !== null && (
        <>
          <p class="hint">
            {found.from} 至 {found.to}，按整{unitNames[every]}统计。区县是市民话里说到的。少于 {found.leastShown}{' '}
            件的不列数，也不给合计，免得认出个人
            {found.untold > 0 ? `；另有 ${found.untold} 件说不清主题` : ''}。
          </p>
          <Table
            caption="件数"
            head={['时间', topicNames[by], '区县', '件数']}
            rows={found.cells.map((cell) => [
              cell.time,
              cell.topic,
              cell.district ?? '没有说到',
              cell.count === null ? `少于 ${found.leastShown}` : String(cell.count),
            ])}
          />
        </>
      )}
    </section>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  names: Readonly<Record<T, string>>;
  value: T;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, names, value, onChange }: ChoiceProps<T>) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {(Object.entries(names) as [T, string][]).map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const partNames: Readonly<Record<string, string>> = {
  database: '数据库',
  knowledge: '知识库',
  model: '大模型',
  qdrant: '向量索引',
  disk: '磁盘',
  jobs: '定时任务',
  processes: '多进程协调',
};
const milliseconds = (value: number | null): string => (value === null ? '—' : `${Math.round(value)} 毫秒`);

export function Service({ store, period }: Props) {
  const found = useRead<ServiceView>(() => readService(store.client, period), [period, store]);
  if (found === null) return null;
  const { availability, turns, p50, p95, p99, failed, parts } = found;
  return (
    <section aria-labelledby="service-title" data-testid="service">
      <h2 id="service-title">系统可用和快慢</h2>
      <p>
        可用率 {availability === null ? '—' : `${(availability * 100).toFixed(3)}%`}
        （数据库或知识库不可用算不可用；整台服务器停机时没有记录）。从收到消息到有回答：一半在 {milliseconds(p50)} 以内，95% 在{' '}
        {milliseconds(p95)} 以内，99% 在 {milliseconds(p99)} 以内（样本 {turns}）；内部出错 {failed} 次。
      </p>
      <Table
        caption="故障"
        head={['哪一部分', '次数', '共多久', '超过处置时限']}
        rows={parts.map((part) => [
          partNames[part.kind] ?? part.kind.replace('channel:', '渠道 '),
          String(part.incidents),
          shown({ value: part.minutes * 60, unit: 'seconds' }),
          String(part.overdue),
        ])}
        empty="这段时间没有故障记录"
      />
    </section>
  );
}
