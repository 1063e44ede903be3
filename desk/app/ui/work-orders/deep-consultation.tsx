/** 深度咨询: to the department that owns the matter; and from its answer back into the knowledge, without leaving the order. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { consultDeeply, type OrderDetail, proposeKnowledge } from '../../state/work-orders.ts';
import { Form } from '../form.tsx';

interface Props {
  store: DeskStore;
  order: OrderDetail;
  onDone: (order: OrderDetail) => void;
}

export function DeepConsultation({ store, order, onDone }: Props) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  if (order.demandType !== 'consult' || !order.actions.some(({ action }) => action === 'dispatch')) return null;
  const give = async () => {
    setBusy(true);
    const answer = await consultDeeply(store.client, order.number);
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.message);
  };
  return (
    <div class="knowledge-buttons">
      <button type="button" class="button primary" disabled={busy} onClick={() => void give()}>
        转业务部门深度解答
      </button>
      <span class="hint">按知识库找到归口部门，按时限答复</span>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

export function ProposeKnowledge({ store, order, onDone }: Omit<Props, 'onDone'> & { onDone: () => void }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <div class="knowledge-buttons">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          写进知识库
        </button>
      </div>
    );
  }
  return (
    <Form
      class="knowledge-form"
      label="写进知识库"
      submit="提交给编辑审核"
      send={(typed) => proposeKnowledge(store.client, order.number, { question: typed('question'), answer: typed('answer') })}
      onDone={() => {
        store.toast('info', '已提交，编辑审核发布后助手就会这样回答');
        setOpen(false);
        onDone();
      }}
      onCancel={() => setOpen(false)}
    >
      <label class="field">
        <span>市民会怎么问（不要写姓名、电话）</span>
        <input name="question" required maxLength={200} defaultValue={order.title} />
      </label>
      <label class="field">
        <span>回答：先说怎么办，再说为什么</span>
        <textarea name="answer" rows={5} required maxLength={4000} defaultValue={order.reply ?? ''} />
      </label>
    </Form>
  );
}
