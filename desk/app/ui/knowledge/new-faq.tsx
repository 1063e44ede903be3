/** A new question and answer; it starts as a draft that somebody else reviews. */
import type { DeskStore } from '../../state/desk-store.ts';
import { addFaq } from '../../state/knowledge.ts';
import { Form } from '../form.tsx';

interface Props {
  store: DeskStore;
  departments: readonly string[];
  question: string;
  onDone: (id: string) => void;
  onCancel: () => void;
}

export function NewFaqForm({ store, departments, question, onDone, onCancel }: Props) {
  return (
    <Form
      class="knowledge-form"
      title="新建问答"
      submit="存为草稿"
      send={(typed) =>
        addFaq(store.client, {
          question: typed('question'),
          similar: typed('similar')
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
          answer: typed('answer'),
          department: typed('department'),
        })
      }
      onDone={({ id }) => onDone(id)}
      onCancel={onCancel}
    >
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
    </Form>
  );
}
