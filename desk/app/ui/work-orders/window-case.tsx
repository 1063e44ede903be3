/** At the window: the citizen tells a code, and what they collected in the chat stands here; nobody asks or types it again. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { clock } from '../../state/time.ts';
import { readWindowCase, type WindowCase } from '../../state/work-orders.ts';
import { Form } from '../form.tsx';

interface Props {
  store: DeskStore;
  onCancel: () => void;
}

export function WindowCaseView({ store, onCancel }: Props) {
  const [found, setFound] = useState<WindowCase | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // The citizen stands at the window and reads the code out: nobody should have to click first.
  useEffect(() => field.current?.focus(), []);
  if (found === null) {
    return (
      <Form
        class="knowledge-form"
        title="窗口接办"
        submit="打开"
        send={(typed) => readWindowCase(store.client, typed('code'))}
        onDone={setFound}
        onCancel={onCancel}
      >
        <label class="field">
          <span>市民报的 8 位办理码</span>
          <input ref={field} name="code" required inputMode="numeric" autocomplete="off" maxLength={20} />
        </label>
      </Form>
    );
  }
  const { matter, flow, slots, items, materials, issuedAt, code } = found;
  return (
    <section class="knowledge-form" aria-label="窗口接办" data-testid="window-case">
      <h2>{matter}</h2>
      <p class="hint">
        办理码 {code}，市民 {clock(issuedAt)} 在对话里要的。{flow && !flow.complete ? '问答还没有走完，缺的请接着问。' : ''}
      </p>
      {slots.length > 0 && (
        <>
          <h3>市民已经填好的</h3>
          <dl class="facts">
            {slots.map(({ id, label, text }) => (
              <div key={id}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {items.length > 0 && (
        <>
          <h3>要办的事项</h3>
          <ul>
            {items.map(({ id, name, situation, code: itemCode }) => (
              <li key={id}>
                {name}
                {situation === null ? '' : `（${situation}）`}
                {itemCode === null ? '' : ` 编码 ${itemCode}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {materials.bring.length > 0 && (
        <fieldset class="materials">
          <legend>要带的材料：带来一样勾一样</legend>
          {materials.bring.map(({ name, originals, copies, electronic }) => (
            <label key={name}>
              <input type="checkbox" />
              <span>
                {name}
                {originals > 0 ? ` 原件 ${originals} 份` : ''}
                {copies > 0 ? ` 复印件 ${copies} 份` : ''}
                {electronic ? '（电子版）' : ''}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {materials.fetched.length > 0 && (
        <>
          <h3>免提交，由窗口调取</h3>
          <ul>
            {materials.fetched.map(({ name }) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </>
      )}
      <div class="knowledge-buttons">
        <button type="button" class="button" onClick={() => download(found)}>
          下载给业务系统（JSON）
        </button>
        <button type="button" class="button" onClick={onCancel}>
          办完了，关上
        </button>
      </div>
    </section>
  );
}

function download(found: WindowCase): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([JSON.stringify(found, null, 2)], { type: 'application/json' }));
  link.href = url;
  link.download = `window-case-${found.code}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
