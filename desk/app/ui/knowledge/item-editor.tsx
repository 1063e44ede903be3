/** One entry or flow: its words, what can be done with it now, how it looks, and its history. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Item, kindName, readItem, restore, type Shelf, saveItem, statusName, takeStep } from '../../state/knowledge.ts';
import { draftOf, keepDraft } from '../../state/memory.ts';
import { FlowView } from './flow-view.tsx';
import { History } from './history.tsx';
import { Preview } from './preview.tsx';

interface Props {
  store: DeskStore;
  me: string;
  shelf: Shelf;
  id: string;
  onChanged: () => void;
}

export function ItemEditor({ store, me, shelf, id, onChanged }: Props) {
  const draftKey = `${shelf === 'flows' ? 'flow' : 'item'}:${id}`;
  const [item, setItem] = useState<Item | null>(null);
  const [yaml, setYaml] = useState('');
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');

  const load = async () => {
    const answer = await readItem(store.client, shelf, id);
    if (!answer.ok) return setProblem(answer.message);
    setItem(answer.value);
    setYaml(draftOf(draftKey) || answer.value.yaml);
  };
  useEffect(() => void load(), [shelf, id]);

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
  const step = (name: 'review' | 'publish' | 'withdraw', words: string) => void act(() => takeStep(store.client, shelf, id, name), words);
  const save = () =>
    saveItem(store.client, shelf, id, { yaml, basedOn: item.version, ...(note.trim() === '' ? {} : { note: note.trim() }) });

  return (
    <div class="knowledge-form" data-testid="item">
      <h2>{item.title}</h2>
      <p class="hint">
        {shelf === 'flows' ? '流程' : kindName[item.kind ?? '']} · 第 {item.version} 版 · {statusName[item.status]}
        {item.published === null
          ? ' · 市民现在看不到'
          : item.published === item.version
            ? ' · 正在使用'
            : ` · 市民看到的是第 ${item.published} 版`}
      </p>
      <label class="field">
        <span>{shelf === 'flows' ? '流程文件（YAML）' : '内容（YAML，字段和知识包里一样）'}</span>
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
          <button type="button" class="button" disabled={edited} onClick={() => step('review', '已审核')}>
            审核通过
          </button>
        )}
        {item.status === 'draft' && head?.author === me && <p class="hint">自己写的草稿，要由另一位同事审核。</p>}
        {item.status === 'reviewed' && (
          <button type="button" class="button primary" disabled={edited} onClick={() => step('publish', '已发布，几秒内生效')}>
            发布
          </button>
        )}
        {(item.published !== null || item.status === 'draft') && (
          <button type="button" class="button" onClick={() => step('withdraw', '已撤下')}>
            撤下
          </button>
        )}
      </div>
      {shelf === 'flows' ? <FlowView store={store} yaml={yaml} /> : <Preview store={store} yaml={yaml} />}
      <History
        key={item.version}
        store={store}
        shelf={shelf}
        item={item}
        onRestore={(version) => void act(() => restore(store.client, shelf, id, version), `已恢复第 ${version} 版的内容`)}
      />
    </div>
  );
}
