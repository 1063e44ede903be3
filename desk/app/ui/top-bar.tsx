/** Who is on duty, whether news arrives, sound, sign out. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { screensOf } from '../state/screens.ts';
import type { DeskState } from '../state/types.ts';
import { roleName } from '../state/words.ts';
import { Deliveries } from './deliveries.tsx';

const connectionText = { live: '实时连接', polling: '正在恢复连接，每隔几秒更新', offline: '连接不上服务器，正在重试' } as const;

export function TopBar({ store, state }: { store: DeskStore; state: DeskState }) {
  const [deliveries, setDeliveries] = useState(false);
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
      {deliveries && <Deliveries store={store} state={state} onClose={() => setDeliveries(false)} />}
      {atDesk && (
        <button type="button" class="button quiet" aria-pressed={state.sound} onClick={() => store.setSound(!state.sound)}>
          提示音：{state.sound ? '开' : '关'}
        </button>
      )}
      <p class="me">
        <strong>{state.me?.name}</strong> {state.me === null ? '' : roleName[state.me.role]}
      </p>
      <button type="button" class="button quiet" onClick={() => void store.logout()}>
        退出
      </button>
    </header>
  );
}
