/** Taking a matter in from the window or the telephone; the citizen is told the number and the code. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Taken, takeOrder } from '../../state/work-orders.ts';

const demands = {
  consult: '咨询',
  help: '求助',
  complaint: '投诉',
  report: '举报',
  suggestion: '意见建议',
  online_guidance: '网上办事指导',
};
const urgencies = { general: '一般', sub_urgent: '较急（24 小时内）', urgent: '紧急（2 小时内）' };
const channels = { phone: '电话', hall: '窗口', online: '网上' };

interface Props {
  store: DeskStore;
  onDone: (number: string) => void;
  onCancel: () => void;
}

export function NewOrderForm({ store, onDone, onCancel }: Props) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<Taken | null>(null);
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const orNull = (name: string) => text(name) || null;
    setBusy(true);
    const answer = await takeOrder(store.client, {
      demandType: text('demandType'),
      urgency: text('urgency'),
      channel: text('channel'),
      title: text('title'),
      detail: text('detail'),
      place: orNull('place'),
      phone: orNull('phone'),
      conversationId: null,
    });
    setBusy(false);
    if (answer.ok) setTaken(answer.value);
    else setProblem(answer.message);
  };
  if (taken !== null) {
    return (
      <div class="knowledge-form" role="status">
        <h2>已受理</h2>
        <p>
          请告诉市民：编号 <strong>{taken.number}</strong>，查询码 <strong>{taken.code}</strong>
          。凭编号和查询码（或手机号后四位）在任何渠道都能查进度。
        </p>
        <button type="button" class="button primary" onClick={() => onDone(taken.number)}>
          打开这件工单
        </button>
      </div>
    );
  }
  return (
    <form
      class="knowledge-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>登记工单</h2>
      <div class="knowledge-buttons">
        <Select name="channel" label="来源" names={channels} />
        <Select name="demandType" label="诉求" names={demands} />
        <Select name="urgency" label="紧急程度" names={urgencies} />
      </div>
      <label class="field">
        <span>一句话说清是什么事</span>
        <input name="title" required maxLength={100} />
      </label>
      <label class="field">
        <span>经过和要求</span>
        <textarea name="detail" rows={6} required maxLength={4000} />
      </label>
      <label class="field">
        <span>地点（可以不写）</span>
        <input name="place" maxLength={200} />
      </label>
      <label class="field">
        <span>市民的电话（可以不写，用来告知进度）</span>
        <input name="phone" inputMode="tel" maxLength={20} />
      </label>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="knowledge-buttons">
        <button type="submit" class="button primary" disabled={busy}>
          受理
        </button>
        <button type="button" class="button" onClick={onCancel}>
          取消
        </button>
      </div>
    </form>
  );
}

function Select({ name, label, names }: { name: string; label: string; names: Record<string, string> }) {
  return (
    <label>
      {label}{' '}
      <select name={name}>
        {Object.entries(names).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
