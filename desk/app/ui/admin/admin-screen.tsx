/** Whether everything works: parts, what waits, channels, versions. Looks again every few seconds. */
import { useCallback } from 'preact/hooks';
import { lasting, type Operations, offMeans, partName, readOperations, stateName } from '../../state/admin.ts';
import type { DeskStore } from '../../state/desk-store.ts';
import type { DeskState } from '../../state/types.ts';
import { channelName } from '../../state/words.ts';
import { TopBar } from '../top-bar.tsx';
import { Evaluations } from './evaluations.tsx';
import { Incidents } from './incidents.tsx';
import { Section } from './section.tsx';
import { useLooking } from './use-looking.ts';
import { Webhooks } from './webhooks.tsx';

const everyMs = 10_000;

export function AdminScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const { seen: status, problem } = useLooking(
    useCallback(() => readOperations(store.client), [store]),
    everyMs,
  );
  const troubled = status?.parts.filter((part) => part.state === 'down' || part.state === 'degraded').length ?? 0;
  return (
    <div class="insights">
      <TopBar store={store} state={state} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <main class="insights-main" tabIndex={0}>
        <div class="admin-head">
          <h2>运行情况</h2>
          {status !== null && (
            <p class="hint" role="status">
              {troubled === 0 ? '各部分都正常。' : `有 ${troubled} 个部分要看一看。`}
            </p>
          )}
        </div>
        {problem !== '' && (
          <p class="form-problem" role="alert">
            {problem}
          </p>
        )}
        {status !== null && (
          <>
            <Parts parts={status.parts} />
            <Incidents store={store} />
            <Waits status={status} />
            <Channels channels={status.channels} />
            {state.me?.role === 'admin' && <Webhooks store={store} />}
            <Evaluations store={store} />
            <About status={status} />
          </>
        )}
      </main>
    </div>
  );
}

function Parts({ parts }: Pick<Operations, 'parts'>) {
  return (
    <Section title="各部分">
      <ul class="admin-parts" data-testid="parts">
        {parts.map(({ name, state, detail }) => (
          <li key={name} class={`admin-part ${state}`}>
            <strong>{partName[name] ?? name}</strong>
            <span class="admin-state">{stateName[state]}</span>
            {detail !== '' && <span class="hint">{state === 'off' ? (offMeans[name] ?? detail) : detail}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Waits({ status }: { status: Operations }) {
  const since = (seconds: number | null) => (seconds === null ? '没有在等的' : `最久的等了 ${lasting(seconds)}`);
  const { inbox, outbox, queue, withAgents, staffOnline, openWorkOrders, overdueWorkOrders } = status;
  const cards = [
    { name: '待答消息', value: inbox.count, note: since(inbox.oldestSeconds) },
    { name: '待发回复', value: outbox.count, note: since(outbox.oldestSeconds) },
    { name: '等人工', value: queue.count, note: since(queue.oldestSeconds) },
    { name: '人工接待中', value: withAgents, note: `在岗 ${staffOnline} 人` },
    { name: '未办结工单', value: openWorkOrders, note: overdueWorkOrders === 0 ? '没有超期' : `超期 ${overdueWorkOrders} 件` },
  ];
  return (
    <Section title="在等什么">
      <ul class="figures" data-testid="waits">
        {cards.map(({ name, value, note }) => (
          <li key={name} class="figure-card">
            <h4>{name}</h4>
            <p class="figure-value">{value.toLocaleString('zh-CN')}</p>
            <p class="hint">{note}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Channels({ channels }: Pick<Operations, 'channels'>) {
  return (
    <Section title="渠道">
      <ul class="admin-parts" data-testid="channels">
        {channels.map(({ name, on, detail }) => (
          <li key={name} class={`admin-part ${on ? 'ok' : 'off'}`}>
            <strong>{channelName(name)}</strong>
            <span class="admin-state">{on ? '已开' : '没开'}</span>
            {detail !== '' && <span class="hint">{on ? detail : `要配置 ${detail}`}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function About({ status }: { status: Operations }) {
  const { version, node, startedAt, at, engine, pack, index, embeddings, model, modelCalls, tracing, memoryBytes } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['版本', `问办 ${version}，Node ${node}`],
    ['已运行', lasting((Date.parse(at) - Date.parse(startedAt)) / 1000)],
    ['内存', `${Math.round(memoryBytes / 1024 / 1024)} MB`],
    ['数据库', engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    ['知识包', `${pack.name}（${pack.city}${pack.sample ? '，示例' : ''}），已发布 ${pack.items} 条`],
    ['知识索引', index === 'qdrant' ? 'Qdrant' : '在本进程里'],
    ['向量', embeddings === 'endpoint' ? '外部接口' : '内置'],
    ['大模型', model === null ? '没有用，由原文摘录回答' : `${model}，调用成功 ${modelCalls.ok} 次，失败 ${modelCalls.failed} 次`],
    ['链路追踪', tracing ? '已开' : '没开'],
  ];
  return (
    <Section title="这台服务">
      <dl class="admin-about">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
