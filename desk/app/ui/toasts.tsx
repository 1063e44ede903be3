/** Short news in the corner, read out by screen readers. */
import type { DeskStore } from '../state/desk-store.ts';
import type { Toast } from '../state/types.ts';

export function Toasts({ store, toasts }: { store: DeskStore; toasts: readonly Toast[] }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`}>
          <span>{toast.text}</span>
          <button type="button" class="icon-button" aria-label="关闭提示" onClick={() => store.dismiss(toast.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
