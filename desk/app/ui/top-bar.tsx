/** Who is on duty, whether news arrives, sound, sign out. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { screensOf } from '../state/screens.ts';
import type { DeskState } from '../state/types.ts';
import { roleName } from '../state/words.ts';
import { CannedDialog } from './canned-dialog.tsx';
import { Deliveries } from './deliveries.tsx';
import { NameDialog } from './name-dialog.tsx';

const connectionText = { live: '实时连接', polling: '正在恢复连接，每隔几秒更新', offline: '连接不上服务器，正在重试' } as const;

export function TopBar({ store, state }: { store: DeskStore; state: DeskState }) {
  const [deliveries, setDeliveries] = useState(false);
  const [canned, setCanned] = useState(false);
  const [naming, setNaming] = useState(false);
  const atDesk = state.screen === 'desk';
  return (
    <header class="top-bar">
      <span class="brand-mark small" aria-hidden="true">
        问
      </span>
      <h1>{atDesk ? '人工服务台' : '问办工作台'}</h1>
      {state.me !== null && screensOf(state.me.role).length > 1 && (
        <nav class="screens" aria-label="工作台">
          {screensOf(state.me.role).map(({ id, name }) => (
            <a key={id} href={`#${id}`} aria-current={state.screen === id ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      )}
      {atDesk && (
        <p class={`connection ${state.connection}`} role="status" data-testid="connection">
          <span class="dot" aria-hidden="true" />
          {connectionText[state.connection]}
        </p>
      )}
      <span class="spacer" />
      {atDesk && (
        <button type="button" class="button quiet" onClick={() => setDeliveries(true)}>
          微信送达
        </button>
      )}
      {state.me !== null && state.me.role !== 'analyst' && (
        <button type="button" class="button quiet" onClick={() => setCanned(true)}>
          常用语
        </button>
      )}
      {canned && state.me !== null && <CannedDialog store={store} role={state.me.role} onClose={() => setCanned(false)} />}
      {naming && <NameDialog store={store} state={state} onClose={() => setNaming(false)} />}
      {deliveries && <Deliveries store={store} state={state} onClose={() => setDeliveries(false)} />}
      {atDesk && (
        <button type="button" class="button quiet" aria-pressed={state.sound} onClick={() => store.setSound(!state.sound)}>
          提示音：{state.sound ? '开' : '关'}
        </button>
      )}
      <p class="me">
        <strong>{state.me?.name}</strong> {state.me === null ? '' : roleName[state.me.role]}
      </p>
      {atDesk && state.settings.shownName !== '' && (
        <button type="button" class="button quiet" title="市民看到的名字" onClick={() => setNaming(true)}>
          对外：{state.settings.shownName}
        </button>
      )}
      <button type="button" class="button quiet" onClick={() => void store.logout()}>
        退出
      </button>
    </header>
  );
}
