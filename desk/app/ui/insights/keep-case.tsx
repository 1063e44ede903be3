/** A real question becomes a case for evaluations: somebody says which entry answers it, or that none may. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Candidate, keepCase, readCandidates } from '../../state/trends.ts';
import { Dialog } from '../dialog.tsx';

const none = '';

export function KeepCase({ store, question, onClose }: { store: DeskStore; question: string; onClose: () => void }) {
  const [words, setWords] = useState(question);
  const [found, setFound] = useState<readonly Candidate[] | null>(null);
  const [chosen, setChosen] = useState(none);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void readCandidates(store.client, question).then((answer) => setFound(answer.ok ? answer.value : []));
  }, [question, store]);
  const keep = async () => {
    setBusy(true);
    const answer = await keepCase(store.client, words.trim(), chosen === none ? [] : [chosen]);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.message);
    store.toast('info', '已记成评测题');
    onClose();
  };
  return (
    <Dialog title="记成评测题" confirm="记下" busy={busy} onConfirm={() => void keep()} onCancel={onClose}>
      <label class="field">
        <span>问题（姓名、证件号、电话会自动遮住）</span>
        <input maxLength={300} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
      <fieldset class="candidates">
        <legend>哪一条答得对</legend>
        <label>
          <input type="radio" name="candidate" checked={chosen === none} onChange={() => setChosen(none)} /> 都不对：应当说不知道
        </label>
        {(found ?? []).map(({ itemId, title }) => (
          <label key={itemId}>
            <input type="radio" name="candidate" checked={chosen === itemId} onChange={() => setChosen(itemId)} /> {title}
          </label>
        ))}
      </fieldset>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
