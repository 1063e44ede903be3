/** The desk: queue and own conversations, the open conversation, its details. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { FilesContext, filesOf } from '../state/files.ts';
import { isSupervisor } from '../state/supervise.ts';
import type { DeskState } from '../state/types.ts';
import { Conversation } from './conversation.tsx';
import { Details } from './details.tsx';
import { MineList } from './mine-list.tsx';
import { Notices } from './notices.tsx';
import { moveInQueue, QueueList } from './queue-list.tsx';
import { RunningList } from './running-list.tsx';
import { TopBar } from './top-bar.tsx';

/** Keys belong to whoever is writing or answering a dialog. */
const isBusyTarget = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, dialog, [contenteditable]') !== null;

export function DeskScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const [all, setAll] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusyTarget(event.target)) return;
      if (event.key === 'j') moveInQueue(1);
      else if (event.key === 'k') moveInQueue(-1);
      else return;
      event.preventDefault();
    };
    const onVisible = () => {
      if (store.state.selected !== null) store.markRead(store.state.selected);
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [store]);

  const thread = state.selected === null ? undefined : state.threads.get(state.selected);
  const files = useMemo(() => filesOf(store.client, state.selected ?? ''), [store, state.selected]);
  return (
    <div class={`desk ${thread === undefined ? 'nothing-open' : 'one-open'}`}>
      <a class="skip-link" href="#conversation">
        跳到对话
      </a>
      <TopBar store={store} state={state} />
      <nav class="lists" aria-label="对话列表">
        {isSupervisor(state.me) && (
          <div class="list-switch">
            <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>
              我的接待
            </button>
            <button type="button" aria-pressed={all} onClick={() => setAll(true)}>
              全部会话
            </button>
          </div>
        )}
        {all ? (
          <RunningList store={store} state={state} />
        ) : (
          <>
            <QueueList store={store} state={state} />
            <MineList store={store} state={state} />
          </>
        )}
      </nav>
      <main id="conversation" class="middle" tabIndex={-1}>
        <Notices store={store} notices={state.notices} />
        {thread === undefined ? (
          <div class="empty">
            <p class="empty-title">{state.queue.length > 0 ? `有 ${state.queue.length} 位市民在等候` : '现在没有人等候'}</p>
            <p>{state.queue.length > 0 ? '从左侧接入排在最前面的对话。' : '有市民转人工时，这里和页面标题会提醒您。'}</p>
            <p class="keys">
              <kbd>j</kbd> <kbd>k</kbd> 在队列中移动，<kbd>空格</kbd> 查看，<kbd>Enter</kbd> 接入
            </p>
          </div>
        ) : (
          <FilesContext.Provider value={files}>
            <Conversation key={thread.id} store={store} state={state} thread={thread} />
          </FilesContext.Provider>
        )}
      </main>
      {thread !== undefined && <Details key={thread.id} store={store} state={state} thread={thread} />}
    </div>
  );
}
