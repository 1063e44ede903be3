/** One entry: its words, what can be done with it now, and its history. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import {
  actionName,
  type Change,
  type Item,
  kindName,
  readDiff,
  readItem,
  restore,
  saveItem,
  statusName,
  takeStep,
} from '../../state/knowledge.ts';
import { draftOf, keepDraft } from '../../state/memory.ts';
import { clock, dayName } from '../../state/time.ts';

interface Props {
  store: DeskStore;
  me: string;
  id: string;
  onChanged: () => void;
}

export function ItemEditor({ store, me, id, onChanged }: Props) {
  const draftKey = `item:${id}`;
  const [item, setItem] = useState<Item | null>(null);
  const [yaml, setYaml] = useState('');
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const [changes, setChanges] = useState<{ from: number; to: number; list: readonly Change[] } | null>(null);

  const load = async () => {
    const answer = await readItem(store.client, id);
    if (!answer.ok) return setProblem(answer.message);
    setItem(answer.value);
    setYaml(draftOf(draftKey) || answer.value.yaml);
    setChanges(null);
  };
  useEffect(() => void load(), [id]);

  if (item === null) return <p class={problem === '' ? 'list-empty' : 'form-problem'}>{problem || '正在读取…'}</p>;

  const head = item.versions.at(-1);
  const edited = yaml !== item.yaml;
  const write = (next: string) => {
    setYaml(next);
    keepDraft(draftKey, next === item.yaml ? '' : next);
  };
  const act = async (work: () => Promise<{ ok: true } | { ok: false; message: string }>, words: string) => {
    const answer = await work();
    if (!answer.ok) return setProblem(answer.message);
    setProblem('');
    keepDraft(draftKey, '');
    setNote('');
    store.toast('info', words);
    await load();
    onChanged();
  };
  const save = () => saveItem(store.client, id, { yaml, basedOn: item.version, ...(note.trim() === '' ? {} : { note: note.trim() }) });
  const compare = async (from: number, to: number) => {
    const answer = await readDiff(store.client, id, from, to);
    if (answer.ok) setChanges({ from, to, list: answer.value });
    else setProblem(answer.message);
  };

  return (
    <div class="knowledge-form" data-testid="item">
      <h2>{item.title}</h2>
      <p class="hint">
        {kindName[item.kind]} · 第 {item.version} 版 · {statusName[item.status]}
        {item.published === null
          ? ' · 市民现在看不到'
          : item.published === item.version
            ? ' · 正在使用'
            : ` · 市民看到的是第 ${item.published} 版`}
      </p>
      <label class="field">
        <span>内容（YAML，字段和知识包里一样）</span>
        <textarea class="yaml" rows={18} spellcheck={false} value={yaml} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>这次改了什么（可以不写）</span>
        <input maxLength={200} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="knowledge-buttons">
        <button type="button" class="button primary" disabled={!edited} onClick={() => void act(save, '已存为草稿')}>
          存为草稿
        </button>
        {item.status === 'draft' && head?.author !== me && (
          <button
            type="button"
            class="button"
            disabled={edited}
            onClick={() => void act(() => takeStep(store.client, id, 'review'), '已审核')}
          >
            审核通过
          </button>
        )}
        {item.status === 'draft' && head?.author === me && <p class="hint">自己写的草稿，要由另一位同事审核。</p>}
        {item.status === 'reviewed' && (
          <button
            type="button"
            class="button primary"
            disabled={edited}
            onClick={() => void act(() => takeStep(store.client, id, 'publish'), '已发布，几秒内生效')}
          >
            发布
          </button>
        )}
        {(item.published !== null || item.status === 'draft') && (
          <button type="button" class="button" onClick={() => void act(() => takeStep(store.client, id, 'withdraw'), '已撤下')}>
            撤下
          </button>
        )}
      </div>
      <section aria-label="历史">
        <h3>历史</h3>
        <ol class="versions">
          {item.versions.toReversed().map(({ version, status, author, events }) => (
            <li key={version}>
              <p>
                第 {version} 版 · {statusName[status]}
                {author === null ? '' : ` · ${author}`}
              </p>
              <p class="hint">
                {events
                  .map(
                    (event) =>
                      `${dayName(event.at, Date.now())} ${clock(event.at)} ${event.actor ?? '系统'} ${actionName[event.action] ?? event.action}${event.note ? `（${event.note}）` : ''}`,
                  )
                  .join('；')}
              </p>
              {version !== item.version && (
                <>
                  <button type="button" class="button quiet" onClick={() => void compare(version, item.version)}>
                    和最新版比较第 {version} 版
                  </button>
                  <button
                    type="button"
                    class="button quiet"
                    onClick={() => void act(() => restore(store.client, id, version), `已恢复第 ${version} 版的内容`)}
                  >
                    恢复第 {version} 版
                  </button>
                </>
              )}
            </li>
          ))}
        </ol>
      </section>
      {changes !== null && <Changes {...changes} />}
    </div>
  );
}

function Changes({ from, to, list }: { from: number; to: number; list: readonly Change[] }) {
  return (
    <section aria-label="变化" data-testid="changes">
      <h3>
        第 {from} 版 → 第 {to} 版
      </h3>
      {list.length === 0 && <p class="hint">内容相同</p>}
      <dl class="changes">
        {list.map((change) => (
          <div key={change.path}>
            <dt>{change.label}</dt>
            {change.before !== undefined && (
              <dd>
                <del>{change.before}</del>
              </dd>
            )}
            {change.after !== undefined && (
              <dd>
                <ins>{change.after}</ins>
              </dd>
            )}
          </div>
        ))}
      </dl>
    </section>
  );
}
