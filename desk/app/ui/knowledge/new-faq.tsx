/** A new question and answer; it starts as a draft that somebody else reviews. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { addFaq } from '../../state/knowledge.ts';

interface Props {
  store: DeskStore;
  departments: readonly string[];
  question: string;
  onDone: (id: string) => void;
  onCancel: () => void;
}

export function NewFaqForm({ store, departments, question, onDone, onCancel }: Props) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    setBusy(true);
    const answer = await addFaq(store.client, {
      question: text('question'),
      similar: text('similar')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
      answer: text('answer'),
      department: text('department'),
    });
    setBusy(false);
    if (answer.ok) onDone(answer.value.id);
    else setProblem(answer.message);
  };
  return (
    <form
      class="knowledge-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>新建问答</h2>
      <label class="field">
        <span>市民会怎么问</span>
        <input name="question" required maxLength={200} defaultValue={question} />
      </label>
      <label class="field">
        <span>其他问法（一行一个，可以不写）</span>
        <textarea name="similar" rows={4} />
      </label>
      <label class="field">
        <span>回答：先说怎么办，再说为什么；写清金额、天数、地点</span>
        <textarea name="answer" rows={8} required maxLength={4000} />
      </label>
      <label class="field">
        <span>由哪个部门负责</span>
        <select name="department" required>
          {departments.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="knowledge-buttons">
        <button type="submit" class="button primary" disabled={busy}>
          存为草稿
        </button>
        <button type="button" class="button" onClick={onCancel}>
          取消
        </button>
      </div>
    </form>
  );
}
