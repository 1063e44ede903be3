/** One work order: the matter, what may be done now, and everything that happened. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { clock, dayName } from '../../state/time.ts';
import { channelName, urgencyName } from '../../state/words.ts';
import {
  type Action,
  disputeName,
  dueText,
  type OrderDetail,
  type OrderEvent,
  readHistory,
  readOrder,
  readSuggestions,
  resolutionName,
  type Suggestions,
} from '../../state/work-orders.ts';
import { useNow } from '../use-desk.ts';
import { ActionForm } from './action-form.tsx';
import { DeepConsultation, ProposeKnowledge } from './deep-consultation.tsx';

interface Props {
  store: DeskStore;
  number: string;
  mayAct: boolean;
  onChanged: () => void;
}

const none: Suggestions = { duplicates: [], departments: [] };

export function OrderDetails({ store, number, mayAct, onChanged }: Props) {
  const [order, setOrder] = useState<OrderDetail | null>(null);
  const [history, setHistory] = useState<readonly OrderEvent[]>([]);
  const [suggestions, setSuggestions] = useState<Suggestions>(none);
  const [action, setAction] = useState<Action | null>(null);
  const [problem, setProblem] = useState('');
  const now = useNow(store, 30_000);

  const load = async () => {
    const [found, events, near] = await Promise.all([
      readOrder(store.client, number),
      readHistory(store.client, number),
      mayAct ? readSuggestions(store.client, number) : undefined,
    ]);
    setProblem(found.ok ? '' : found.message);
    if (found.ok) setOrder(found.value);
    if (events.ok) setHistory(events.value);
    if (near?.ok) setSuggestions(near.value);
  };
  useEffect(() => void load(), [number]);

  if (order === null) return <p class={problem === '' ? 'list-empty' : 'form-problem'}>{problem || '正在读取…'}</p>;
  const done = (next: OrderDetail) => {
    setAction(null);
    setOrder(next);
    store.toast('info', `${next.number}：${next.stateName}`);
    onChanged();
    void load();
  };

  return (
    <article class="knowledge-form" data-testid="order">
      <h2>{order.title}</h2>
      <p class="hint">
        {[order.number, order.stateName].join(' · ')} <span class={order.overdue ? 'overdue' : ''}>{dueText(order, now)}</span>
      </p>
      <p class="matter">{order.detail}</p>
      <dl class="facts">
        <Fact label="紧急程度" text={urgencyName[order.urgency]} />
        <Fact
          label="承办部门"
          text={
            order.department === null
              ? '还没有派单'
              : `${order.department}${order.coDepartments.length === 0 ? '' : `（协办：${order.coDepartments.join('、')}）`}`
          }
        />
        {order.aboutStaff && <Fact label="反映工作人员" text="走督办，不交给被反映的部门" />}
        {order.disputed !== null && <Fact label="管辖争议" text={disputeName[order.disputed]} />}
        <Fact label="经办人" text={order.handler ?? '—'} />
        <Fact label="地点" text={order.place ?? '—'} />
        <Fact label="电话" text={order.phone ?? '—'} />
        <Fact label="来源" text={order.channel === null ? '—' : channelName(order.channel)} />
        {order.reply !== null && <Fact label="答复" text={order.reply} />}
        {order.result !== null && (
          <Fact
            label="结果"
            text={`${resolutionName[order.result.resolution]}${order.result.publicNote === null ? '' : `；公开说明：${order.result.publicNote}`}`}
          />
        )}
      </dl>
      {mayAct && (
        <div class="knowledge-buttons">
          {order.actions.map(({ action: one, name }) => (
            <button
              key={one}
              type="button"
              class="button"
              aria-expanded={action === one}
              onClick={() => setAction(action === one ? null : one)}
            >
              {name}
            </button>
          ))}
        </div>
      )}
      {mayAct && <DeepConsultation store={store} order={order} onDone={done} />}
      {mayAct && order.department !== null && order.demandType === 'consult' && (
        <ProposeKnowledge store={store} order={order} onDone={() => void load()} />
      )}
      {action !== null && (
        <ActionForm
          key={action}
          store={store}
          order={order}
          action={action}
          departments={suggestions.departments.map((one) => one.department)}
          onDone={done}
          onCancel={() => setAction(null)}
        />
      )}
      {suggestions.duplicates.length > 0 && order.duplicateOf === null && (
        <section>
          <h3>可能是同一件事</h3>
          <ul>
            {suggestions.duplicates.map(({ order: other, likeness }) => (
              <li key={other.number}>
                {other.number}（{other.stateName}，相似 {Math.round(likeness * 100)}%）：{other.title}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>经过</h3>
        <ol class="versions">
          {history.map((event) => (
            <li key={event.seq}>
              <p>
                {event.actionName}
                {event.department === null ? '' : `（${event.department}）`}{' '}
                <span class="hint">
                  {event.actorName || (event.actorKind === 'citizen' ? '市民' : '系统')} · {dayName(event.at, now)} {clock(event.at)}
                </span>
              </p>
              {event.note !== null && <p class="hint">{event.note}</p>}
            </li>
          ))}
        </ol>
      </section>
    </article>
  );
}

const Fact = ({ label, text }: { label: string; text: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
);
