/** Taking a matter in from the window or the telephone; the citizen is told the number and the code. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Taken, takeOrder } from '../../state/work-orders.ts';
import { Form, Select } from '../form.tsx';

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
  const [taken, setTaken] = useState<Taken | null>(null);
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
    <Form
      class="knowledge-form"
      title="登记工单"
      submit="受理"
      send={(typed) =>
        takeOrder(store.client, {
          demandType: typed('demandType'),
          urgency: typed('urgency'),
          channel: typed('channel'),
          title: typed('title'),
          detail: typed('detail'),
          place: typed('place') || null,
          phone: typed('phone') || null,
          conversationId: null,
        })
      }
      onDone={setTaken}
      onCancel={onCancel}
    >
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
    </Form>
  );
}
