/** What a supervisor can do with a colleague's conversation: whisper, and take over. */
import { useState } from 'preact/hooks';
import { writeNote } from '../state/assist.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { draftOf, keepDraft } from '../state/memory.ts';
import type { DeskState } from '../state/types.ts';
import { Dialog } from './dialog.tsx';

export function SuperviseBar({ store, state, id, agent }: { store: DeskStore; state: DeskState; id: string; agent: string }) {
  const draftKey = `whisper:${id}`;
  const [text, setText] = useState(() => draftOf(draftKey));
  const [asking, setAsking] = useState(false);
  const change = (next: string) => {
    setText(next);
    keepDraft(draftKey, next);
  };
  const whisper = async () => {
    const words = text.trim();
    if (words === '') return;
    const answer = await writeNote(store.client, id, words);
    if (!answer.ok) return store.toast('problem', answer.message);
    change('');
    await store.readNotes(id);
  };
  return (
    <div class="supervise-bar" data-testid="supervise">
      <p>这个对话由 {agent} 接待中。您的查看会留下记录。</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void whisper();
        }}
      >
        <label class="visually-hidden" for="whisper">
          悄悄话（只有 {agent} 看得到）
        </label>
        <input
          id="whisper"
          maxLength={1000}
          value={text}
          placeholder={`悄悄话：只有 ${agent} 看得到，市民看不到`}
          onInput={(event) => change(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={text.trim() === ''}>
          悄悄说
        </button>
        <button type="button" class="button primary" disabled={state.busy.has(id)} onClick={() => setAsking(true)}>
          接管
        </button>
      </form>
      {asking && <TakeOverDialog store={store} id={id} agent={agent} onDone={() => setAsking(false)} />}
    </div>
  );
}

function TakeOverDialog({ store, id, agent, onDone }: { store: DeskStore; id: string; agent: string; onDone: () => void }) {
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const confirm = () => {
    setBusy(true);
    void store.takeOver(id, why.trim()).finally(onDone);
  };
  return (
    <Dialog title={`接管 ${agent} 的对话？`} confirm="接管" busy={busy} onConfirm={confirm} onCancel={onDone}>
      <p>之后由您回复。{agent} 会收到通知，不能再看这个对话；市民会看到一句换人提示。</p>
      <label class="field">
        <span>原因（选填，{agent} 看得到）</span>
        <textarea rows={2} maxLength={500} value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
