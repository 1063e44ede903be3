/** What a citizen would read, before it is published: as in the chat window, and as a text message. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { readPreview, type Preview as Shown } from '../../state/knowledge.ts';
import type { LoggedActivity } from '../../state/types.ts';
import { Bubble } from '../bubble.tsx';

export function Preview({ store, yaml }: { store: DeskStore; yaml: string }) {
  const [question, setQuestion] = useState('');
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState('');
  const look = async () => {
    const answer = await readPreview(store.client, { yaml, ...(question.trim() === '' ? {} : { question: question.trim() }) });
    setProblem(answer.ok ? '' : answer.message);
    setShown(answer.ok ? answer.value : null);
  };
  return (
    <section aria-label="市民看到的样子" class="preview" data-testid="preview">
      <form
        class="knowledge-buttons"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <label class="field">
          <span>市民问什么（不写就用它自己的名称）</span>
          <input maxLength={300} value={question} onInput={(event) => setQuestion(event.currentTarget.value)} />
        </label>
        <button type="submit" class="button">
          看看市民会看到什么
        </button>
      </form>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {shown !== null && (
        <div class="preview-shown" role="status">
          <p class="hint">市民：{shown.question}</p>
          {shown.messages.map((message, index) => (
            <Bubble key={index} activity={asLogged(message, index)} speaker="bot" follows={index > 0} />
          ))}
          <details>
            <summary>短信里的样子（{[...shown.plain].length} 个字）</summary>
            <pre class="plain-preview">{shown.plain}</pre>
          </details>
        </div>
      )}
    </section>
  );
}

const asLogged = (message: Shown['messages'][number], index: number): LoggedActivity =>
  ({ ...message, id: `preview-${index}`, seq: index, timestamp: new Date().toISOString() }) as LoggedActivity;
