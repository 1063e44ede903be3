/** Systems of departments that are told what happens: whether it arrives, what did not, and sending it again. */
import { useCallback } from 'preact/hooks';
import {
  type DeliveryView,
  momentOf,
  readFailures,
  readWebhooks,
  resendDelivery,
  switchWebhook,
  type WebhookView,
  webhookKind,
  whyNot,
} from '../../state/admin.ts';
import type { Answer, DeskClient } from '../../state/client.ts';
import type { DeskStore } from '../../state/desk-store.ts';
import { Section } from './section.tsx';
import { useLooking } from './use-looking.ts';

const everyMs = 10_000;

type Hook = WebhookView & { readonly dead: readonly DeliveryView[] };

async function readAll(client: DeskClient): Promise<Answer<Hook[]>> {
  const answer = await readWebhooks(client);
  if (!answer.ok) return answer;
  const failures = await Promise.all(answer.value.map(({ id, failed }) => (failed > 0 ? readFailures(client, id) : undefined)));
  return { ok: true, value: answer.value.map((hook, index) => ({ ...hook, dead: failures[index]?.ok ? failures[index].value : [] })) };
}

export function Webhooks({ store }: { store: DeskStore }) {
  const {
    seen: hooks,
    problem,
    act,
  } = useLooking(
    useCallback(() => readAll(store.client), [store]),
    everyMs,
  );
  return (
    <Section title="部门系统推送" problem={problem}>
      {hooks?.length === 0 && <p class="hint">还没有部门系统接收推送，用命令 wenban webhooks add 添加。</p>}
      <ul class="admin-parts" data-testid="webhooks">
        {hooks?.map((hook) => (
          <li key={hook.id} class={`admin-part ${hook.state === 'off' ? 'off' : hook.failed > 0 ? 'down' : 'ok'}`}>
            <strong>{hook.department ?? '全部部门'}</strong>
            <span class="admin-state">
              {hook.state === 'off' ? '已停' : hook.failed > 0 ? `推送中，${hook.failed} 条没送到` : '推送中'}
            </span>
            <span class="hint">
              {hook.kinds.map((kind) => webhookKind[kind]).join('、')} → {hook.url}
            </span>
            <span class="hint">
              送达 {hook.arrived}，在等 {hook.waiting}，失败 {hook.failed}
              {hook.note === null ? '' : `（${hook.note}）`}
            </span>
            <button
              type="button"
              class="button small"
              aria-label={`${hook.state === 'on' ? '停用' : '启用'} ${hook.url}`}
              onClick={() => act(switchWebhook(store.client, hook.id, hook.state === 'on' ? 'off' : 'on'))}
            >
              {hook.state === 'on' ? '停用' : '启用'}
            </button>
            {hook.dead.map((one) => (
              <span key={one.id} class="admin-note">
                <span class="hint">
                  {momentOf(one.createdAt)} {one.name}：{whyNot(one)}
                </span>
                <button
                  type="button"
                  class="button small"
                  aria-label={`重发 ${momentOf(one.createdAt)} 的${one.name}`}
                  onClick={() => act(resendDelivery(store.client, one.id))}
                >
                  重发
                </button>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
