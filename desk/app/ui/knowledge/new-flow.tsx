/** A new flow, begun from a small one that runs; it starts as a draft that somebody else reviews. */
import type { DeskStore } from '../../state/desk-store.ts';
import { saveItem } from '../../state/knowledge.ts';
import { Form } from '../form.tsx';

/** What a new flow begins as: every part of the language an author needs first. */
const beginning = `id: new-flow
version: 1
name: 新流程
description: 这个流程帮市民办什么
owner: police
kind: checklist
examples: [第一种说法, 第二种说法, 第三种说法, 第四种说法, 第五种说法]
slots:
  reason:
    type: choice
    label: 原因
    ask: 是哪种情况？
    options:
      - {value: lost, label: 丢了}
      - {value: expired, label: 到期了}
steps:
  - collect: reason
  - say: 按“{reason}”为您说明。
  - end: completed
`;

export function NewFlowForm({ store, onDone, onCancel }: { store: DeskStore; onDone: (id: string) => void; onCancel: () => void }) {
  return (
    <Form
      class="knowledge-form"
      title="新建流程"
      submit="存为草稿"
      send={async (typed) => {
        const id = /^id:\s*['"]?([\w-]+)/m.exec(typed('yaml'))?.[1] ?? '';
        if (id === '') return { ok: false, status: 0, code: 'no_id', message: '请先写 id（编号）' };
        return saveItem(store.client, 'flows', id, { yaml: typed('yaml') });
      }}
      onDone={({ id }) => onDone(id)}
      onCancel={onCancel}
    >
      <p class="hint">一个流程就是一个 YAML 文件；写法见使用手册里的“写一个流程”。编号（id）存了以后不能再改。</p>
      <label class="field">
        <span>流程文件</span>
        <textarea name="yaml" class="yaml" rows={24} spellcheck={false} defaultValue={beginning} />
      </label>
    </Form>
  );
}
