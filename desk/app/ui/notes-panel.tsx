/** Notes for colleagues on the open conversation; the citizen never sees them. */
import { useState } from 'preact/hooks';
import { writeNote } from '../state/assist.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { draftOf, keepDraft } from '../state/memory.ts';
import { clock } from '../state/time.ts';
import type { Thread } from '../state/types.ts';

const longest = 1000;

export function NotesPanel({ store, thread: { id, notes } }: { store: DeskStore; thread: Thread }) {
  const draftKey = `note:${id}`;
  const [text, setText] = useState(() => draftOf(draftKey));
  const [problem, setProblem] = useState('');
  const change = (next: string) => {
    setText(next);
    keepDraft(draftKey, next);
  };
  const save = async () => {
    const words = text.trim();
    if (words === '') return;
    const answer = await writeNote(store.client, id, words);
    if (!answer.ok) return setProblem(answer.message);
    setProblem('');
    change('');
    await store.readNotes(id);
  };

  return (
    <div class="panel" data-testid="notes">
      <p class="hint">只有同事看得到，市民看不到。</p>
      <ol class="notes">
        {notes.map((note) => (
          <li key={note.id} class="colleague-note">
            <p class="hint">
              {note.staff} · {clock(note.createdAt)}
            </p>
            {note.text}
          </li>
        ))}
      </ol>
      {notes.length === 0 && <p class="list-empty">还没有备注</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label class="field">
          <span>写备注</span>
          <textarea rows={3} maxLength={longest} value={text} onInput={(event) => change(event.currentTarget.value)} />
        </label>
        {problem !== '' && (
          <p class="form-problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="button" disabled={text.trim() === ''}>
          保存备注
        </button>
      </form>
    </div>
  );
}
