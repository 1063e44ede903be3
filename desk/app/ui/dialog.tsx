/** A modal question: focus moves in, Escape cancels, focus returns. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  confirm: string;
  /** The other button; default 取消. */
  cancel?: string;
  busy: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, confirm, cancel = '取消', busy, onConfirm, onCancel, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onCancel();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) onConfirm();
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="dialog-buttons">
          <button type="button" class="button" disabled={busy} onClick={onCancel}>
            {cancel}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {busy ? '请稍候…' : confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
