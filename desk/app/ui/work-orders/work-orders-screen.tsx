/** Work orders: what is due first, the open one, and a form to take a new matter in. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import type { DeskState } from '../../state/types.ts';
import { urgencyName } from '../../state/words.ts';
import { dueText, listOrders, type Order, type OrderView, viewName } from '../../state/work-orders.ts';
import { Choice, ListScreen, SearchBox } from '../list-screen.tsx';
import { useNow } from '../use-desk.ts';
import { NewOrderForm } from './new-order.tsx';
import { OrderDetails } from './order-details.tsx';
import { WindowCaseView } from './window-case.tsx';

const searchAfterMs = 250;
const refreshEveryMs = 30_000;

export function WorkOrdersScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const [view, setView] = useState<OrderView>('open');
  const [words, setWords] = useState('');
  const [orders, setOrders] = useState<readonly Order[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const [form, setForm] = useState<'order' | 'window' | null>(null);
  const [revision, setRevision] = useState(0);
  const now = useNow(store, refreshEveryMs);
  const role = state.me?.role;
  const mayAct = role === 'agent' || role === 'supervisor' || role === 'admin';

  const load = async (after: string | null) => {
    const answer = await listOrders(store.client, view, words.trim(), after);
    setProblem(answer.ok ? '' : answer.message);
    if (!answer.ok) return;
    setOrders((before) => (after === null ? answer.value.orders : [...(before ?? []), ...answer.value.orders]));
    setNext(answer.value.next);
  };
  useEffect(() => {
    const timer = setTimeout(() => void load(null), searchAfterMs);
    return () => clearTimeout(timer);
  }, [view, words, revision]);
  useEffect(() => {
    const timer = setInterval(() => setRevision((count) => count + 1), refreshEveryMs);
    return () => clearInterval(timer);
  }, []);

  const changed = (number: string) => {
    setForm(null);
    setOpened(number);
    setRevision((count) => count + 1);
  };

  return (
    <ListScreen
      store={store}
      state={state}
      label="工单"
      filter={
        <>
          <SearchBox value={words} placeholder="工单编号或标题" onInput={setWords} />
          <Choice label="范围" names={viewName} value={view} onChange={(next) => setView(next as OrderView)} />
          {mayAct && (
            <>
              <button type="button" class="button primary" onClick={() => setForm('order')}>
                登记工单
              </button>
              <button type="button" class="button" onClick={() => setForm('window')}>
                窗口接办
              </button>
            </>
          )}
        </>
      }
      problem={problem}
      status={orders === null ? '正在读取…' : orders.length === 0 ? '这里没有工单' : ''}
      testId="orders"
      rows={(orders ?? []).map((order) => ({ key: order.number, title: order.title, about: <About order={order} now={now} /> }))}
      opened={opened}
      onOpen={changed}
      more={
        next !== null && (
          <button type="button" class="button" onClick={() => void load(next)}>
            再看一些
          </button>
        )
      }
    >
      {form === 'window' ? (
        <WindowCaseView store={store} onCancel={() => setForm(null)} />
      ) : form === 'order' ? (
        <NewOrderForm store={store} onDone={changed} onCancel={() => setForm(null)} />
      ) : opened === null ? (
        <p class="list-empty">从左侧选一件工单。最先到期的排在最前面。</p>
      ) : (
        <OrderDetails key={opened} store={store} number={opened} mayAct={mayAct} onChanged={() => setRevision((count) => count + 1)} />
      )}
    </ListScreen>
  );
}

function About({ order, now }: { order: Order; now: number }) {
  return (
    <>
      {order.stateName} · {urgencyName[order.urgency]} · <span class={order.overdue ? 'overdue' : ''}>{dueText(order, now)}</span>
      {order.department === null ? '' : ` · ${order.department}`}
      {order.supervised ? ' · 督办' : ''}
      {order.urged > 0 ? ` · 催办 ${order.urged} 次` : ''}
    </>
  );
}
