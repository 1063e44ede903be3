/** The conversations behind a figure, one after another, with every identifier masked. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type MaskedLine, readMasked } from '../../state/insights.ts';
import { clock } from '../../state/time.ts';
import { Dialog } from '../dialog.tsx';

const speakers: Record<MaskedLine['speaker'], string> = { citizen: '市民', bot: '智能助手', agent: '工作人员' };

export function Transcript({
  store,
  title,
  ids,
  onClose,
}: {
  store: DeskStore;
  title: string;
  ids: readonly string[];
  onClose: () => void;
}) {
  const [at, setAt] = useState(0);
  const [lines, setLines] = useState<readonly MaskedLine[]>([]);
  const [problem, setProblem] = useState('');
  const id = ids[at];
  useEffect(() => {
    if (id === undefined) return;
    let stale = false;
    void readMasked(store.client, id).then((answer) => {
      if (stale) return;
      setLines(answer.ok ? answer.value : []);
      setProblem(answer.ok ? '' : answer.message);
    });
    return () => {
      stale = true;
    };
  }, [id, store]);
  const last = at >= ids.length - 1;
  return (
    <Dialog
      title={`${title}：第 ${at + 1} 个，共 ${ids.length} 个对话`}
      confirm={last ? '看完了' : '下一个'}
      busy={false}
      onConfirm={() => (last ? onClose() : setAt(at + 1))}
      onCancel={onClose}
    >
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <ol class="masked-lines">
        {lines.map((line) => (
          <li key={line.seq} class={line.speaker}>
            <p class="hint">
              {speakers[line.speaker]} · {clock(line.at)}
            </p>
            <p class="masked-text">{line.text}</p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
