/** Inviting the citizen to go through a guided flow together: which one? */
import { useEffect, useState } from 'preact/hooks';
import type { ActionDialogProps } from './action-dialogs.tsx';
import { Dialog } from './dialog.tsx';

interface Flow {
  readonly id: string;
  readonly name: string;
}

export function TogetherDialog({ store, id, onDone }: ActionDialogProps) {
  const [flows, setFlows] = useState<readonly Flow[]>([]);
  const [flow, setFlow] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [messageId] = useState(() => crypto.randomUUID());
  useEffect(() => {
    void store.client.get<Flow[]>('/together/flows').then((answer) => {
      if (!answer.ok) return setProblem(answer.message);
      setFlows(answer.value);
      setFlow(answer.value[0]?.id ?? '');
    });
  }, [store]);
  const invite = async () => {
    setBusy(true);
    const answer = await store.client.post(`/conversations/${encodeURIComponent(id)}/together`, { flow, messageId });
    setBusy(false);
    if (!answer.ok) return setProblem(answer.message);
    onDone();
  };
  return (
    <Dialog title="和市民一起办" confirm="发出邀请" busy={busy || flow === ''} onConfirm={() => void invite()} onCancel={onDone}>
      <p>市民同意后，助手一步步问，市民来填，您在这里看得到每一步，随时可以插话。</p>
      <label class="field">
        <span>办哪件事</span>
        <select value={flow} onChange={(event) => setFlow(event.currentTarget.value)}>
          {flows.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
