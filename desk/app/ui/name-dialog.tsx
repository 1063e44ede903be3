/** The name citizens see for the one who is signed in. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { chooseName } from '../state/supervise.ts';
import type { DeskState } from '../state/types.ts';
import { Dialog } from './dialog.tsx';

export function NameDialog({ store, state, onClose }: { store: DeskStore; state: DeskState; onClose: () => void }) {
  const { shownName, standardName } = state.settings;
  const [name, setName] = useState(shownName);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const chosen = name.trim();
    const answer = await chooseName(store.client, chosen === '' || chosen === standardName ? null : chosen);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.message);
    store.setSettings(answer.value);
    onClose();
  };
  return (
    <Dialog title="市民看到的名字" confirm="保存" busy={busy} onConfirm={() => void save()} onCancel={onClose}>
      <p>登录名不会给市民看。留空就用“{standardName}”。</p>
      <label class="field">
        <span>名字</span>
        <input maxLength={12} value={name} placeholder={standardName} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
