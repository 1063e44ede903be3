/** Giving back to the bot and ending the service, each asked before it is done. */
import { useState } from 'preact/hooks';
import type { DeskAction, DeskStore } from '../state/desk-store.ts';
import { Dialog } from './dialog.tsx';

export interface ActionDialogProps {
  store: DeskStore;
  id: string;
  onDone: () => void;
}

/** Runs an action once and closes the dialog, whatever came of it: a refusal is shown as a toast. */
export function useAction({ store, id, onDone }: ActionDialogProps): { busy: boolean; run: (action: DeskAction) => void } {
  const [busy, setBusy] = useState(false);
  const run = (action: DeskAction) => {
    setBusy(true);
    void store.settle(id, action).finally(onDone);
  };
  return { busy, run };
}

export function ReleaseDialog(props: ActionDialogProps) {
  const { busy, run } = useAction(props);
  return (
    <Dialog title="交回智能助手？" confirm="交回机器人" busy={busy} onConfirm={() => run({ kind: 'release' })} onCancel={props.onDone}>
      <p>之后由智能助手继续应答，市民会收到通知，随时可以再转人工。</p>
    </Dialog>
  );
}

export function CloseDialog(props: ActionDialogProps) {
  const { busy, run } = useAction(props);
  const [wrapUp, setWrapUp] = useState('');
  return (
    <Dialog
      title="结束本次服务？"
      confirm="结束服务"
      busy={busy}
      onConfirm={() => run({ kind: 'close', wrapUp: wrapUp.trim() })}
      onCancel={props.onDone}
    >
      <p>市民会收到结束通知，并被邀请评价。</p>
      <label class="field">
        <span>小结（选填，仅内部可见）</span>
        <textarea rows={3} maxLength={1000} value={wrapUp} onInput={(event) => setWrapUp(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
