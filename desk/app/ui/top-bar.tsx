/** Who is on duty, whether news arrives, sound, sign out. */
import type { DeskStore } from '../state/desk-store.ts';
import type { DeskState } from '../state/types.ts';

const connectionText = { live: '实时连接', polling: '正在恢复连接，每隔几秒更新', offline: '连接不上服务器，正在重试' } as const;

export function TopBar({ store, state }: { store: DeskStore; state: DeskState }) {
  const roleName = state.me?.role === 'admin' ? '管理员' : '座席';
  return (
    <header class="top-bar">
      <span class="brand-mark small" aria-hidden="true">
        问
      </span>
      <h1>人工服务台</h1>
      <p class={`connection ${state.connection}`} role="status" data-testid="connection">
        <span class="dot" aria-hidden="true" />
        {connectionText[state.connection]}
      </p>
      <span class="spacer" />
      <button type="button" class="button quiet" aria-pressed={state.sound} onClick={() => store.setSound(!state.sound)}>
        提示音：{state.sound ? '开' : '关'}
      </button>
      <p class="me">
        <strong>{state.me?.name}</strong> {roleName}
      </p>
      <button type="button" class="button quiet" onClick={() => void store.logout()}>
        退出
      </button>
    </header>
  );
}
