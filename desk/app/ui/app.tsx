/** Which screen is shown, and the title that tells how many wait. */
import { useEffect } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { unreadOf } from '../state/threads.ts';
import { AdminScreen } from './admin/admin-screen.tsx';
import { DeskScreen } from './desk-screen.tsx';
import { InsightsScreen } from './insights/insights-screen.tsx';
import { KnowledgeScreen } from './knowledge/knowledge-screen.tsx';
import { Login } from './login.tsx';
import { Toasts } from './toasts.tsx';
import { useDeskState } from './use-desk.ts';
import { WorkOrdersScreen } from './work-orders/work-orders-screen.tsx';

export function App({ store }: { store: DeskStore }) {
  const state = useDeskState(store);
  const unread = state.mine.reduce((sum, { conversationId }) => {
    const thread = state.threads.get(conversationId);
    return sum + (thread === undefined ? 0 : unreadOf(thread));
  }, 0);
  // who waits and what is unread: both want somebody to look here
  const wanted = state.queue.length + unread + state.notices.length;
  useEffect(() => {
    document.title = `${wanted > 0 ? `(${wanted}) ` : ''}问办 · 人工服务台`;
  }, [wanted]);

  useEffect(() => {
    const onHash = () => store.showScreen();
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, [store]);

  return (
    <>
      {state.phase === 'starting' && (
        <main class="splash" aria-busy="true">
          <p>{state.connection === 'offline' ? '连接不上服务器，正在重试…' : '正在打开人工服务台…'}</p>
        </main>
      )}
      {state.phase === 'login' && <Login store={store} />}
      {state.phase === 'desk' && state.screen === 'desk' && <DeskScreen store={store} state={state} />}
      {state.phase === 'desk' && state.screen === 'work-orders' && <WorkOrdersScreen store={store} state={state} />}
      {state.phase === 'desk' && state.screen === 'knowledge' && <KnowledgeScreen store={store} state={state} />}
      {state.phase === 'desk' && state.screen === 'insights' && <InsightsScreen store={store} state={state} />}
      {state.phase === 'desk' && state.screen === 'admin' && <AdminScreen store={store} state={state} />}
      <Toasts store={store} toasts={state.toasts} />
    </>
  );
}
