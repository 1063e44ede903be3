/** Notes for colleagues on the open conversation; the citizen never sees them. */
import { useEffect, useState } from 'preact/hooks';
import { type Note, readNotes, writeNote } from '../state/assist.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { draftOf, keepDraft } from '../state/memory.ts';
import { clock } from '../state/time.ts';

const longest = 1000;

export function NotesPanel({ store, id }: { store: DeskStore; id: string }) {
  const draftKey = `note:${id}`;
  const [notes, setNotes] = useState<readonly Note[] | null>(null);
  const [text, setText] = useState(() => draftOf(draftKey));
  const [problem, setProblem] = useState('');
  const change = (next: string) => {
    setText(next);
    keepDraft(draftKey, next);
  };
  useEffect(() => {
    let stale = false;
    void readNotes(store.client, id).then((answer) => {
      if (stale) return;
      if (answer.ok) setNotes(answer.value);
      else setProblem(answer.message);
    });
    return () => {
      stale = true;
    };
  }, [id, store]);

  const save = async () => {
    const words = text.trim();
    if (words === '') return;
    const answer = await writeNote(store.client, id, words);
    if (!answer.ok) return setProblem(answer.message);
    setProblem('');
    setNotes((before) => [...(before ?? []), answer.value]);
    change('');
  };

  return (
    <div class="panel" data-testid="notes">
      <p class="hint">只有同事看得到，市民看不到。</p>
      <ol class="notes">
        {(notes ?? []).map((note) => (
          <li key={note.id} class="colleague-note">
            <p class="hint">
              {note.staff} · {clock(note.createdAt)}
            </p>
            {note.text}
          </li>
        ))}
      </ol>
      {notes?.length === 0 && <p class="list-empty">还没有备注</p>}
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
