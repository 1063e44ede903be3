/** The editors' screen: find an entry, read and change it, bring it into service. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Filter, type ItemList, kindName, listItems, pageSize, statusName } from '../../state/knowledge.ts';
import { paramOf } from '../../state/screens.ts';
import type { DeskState } from '../../state/types.ts';
import { TopBar } from '../top-bar.tsx';
import { ItemEditor } from './item-editor.tsx';
import { NewFaqForm } from './new-faq.tsx';

const everything: Filter = { q: '', kind: '', status: '', offset: 0 };
const searchAfterMs = 250;

export function KnowledgeScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const [filter, setFilter] = useState<Filter>(everything);
  const [list, setList] = useState<ItemList | null>(null);
  const [problem, setProblem] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const asked = paramOf(location.hash, 'question');
  const [creating, setCreating] = useState(asked !== null);
  const [revision, setRevision] = useState(0);

  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const answer = await listItems(store.client, filter);
      if (stale) return;
      setProblem(answer.ok ? '' : answer.message);
      if (answer.ok) setList(answer.value);
    }, searchAfterMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [filter, revision, store]);

  const changed = (id: string) => {
    setRevision((count) => count + 1);
    setCreating(false);
    setOpened(id);
  };

  return (
    <div class="knowledge">
      <TopBar store={store} state={state} />
      <div class="knowledge-columns">
        <nav class="knowledge-list" aria-label="知识条目">
          <div class="knowledge-filter">
            <label class="field">
              <span>查找</span>
              <input
                type="search"
                value={filter.q}
                placeholder="名称、问法、部门或编号"
                onInput={(event) => setFilter({ ...filter, q: event.currentTarget.value, offset: 0 })}
              />
            </label>
            <Choice label="种类" names={kindName} value={filter.kind} onChange={(kind) => setFilter({ ...filter, kind, offset: 0 })} />
            <Choice
              label="状态"
              names={{ draft: '草稿', reviewed: '已审核', published: '已发布', expired: '已停用' }}
              value={filter.status}
              onChange={(status) => setFilter({ ...filter, status, offset: 0 })}
            />
            <button type="button" class="button primary" onClick={() => setCreating(true)}>
              新建问答
            </button>
          </div>
          {problem !== '' && (
            <p class="form-problem" role="alert">
              {problem}
            </p>
          )}
          <p class="hint" role="status">
            {list === null ? '正在读取…' : `共 ${list.total} 条`}
          </p>
          <ul data-testid="items">
            {(list?.items ?? []).map((item) => (
              <li key={item.id}>
                <button type="button" class="knowledge-item" aria-current={item.id === opened} onClick={() => changed(item.id)}>
                  <span>{item.title}</span>
                  <span class="hint">
                    {kindName[item.kind]} · {statusName[item.status]} · 第 {item.version} 版
                    {item.department === null ? '' : ` · ${item.department}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {list !== null && list.total > pageSize && (
            <div class="pages">
              <button
                type="button"
                class="button"
                disabled={filter.offset === 0}
                onClick={() => setFilter({ ...filter, offset: Math.max(0, filter.offset - pageSize) })}
              >
                上一页
              </button>
              <button
                type="button"
                class="button"
                disabled={filter.offset + pageSize >= list.total}
                onClick={() => setFilter({ ...filter, offset: filter.offset + pageSize })}
              >
                下一页
              </button>
            </div>
          )}
        </nav>
        <main class="knowledge-main" tabIndex={-1}>
          {creating && list !== null ? (
            <NewFaqForm
              store={store}
              departments={list.departments}
              question={asked ?? ''}
              onDone={changed}
              onCancel={() => setCreating(false)}
            />
          ) : opened === null ? (
            <p class="list-empty">从左侧选一条，或新建一条问答。发布之前，市民看到的还是旧内容。</p>
          ) : (
            <ItemEditor
              key={opened}
              store={store}
              me={state.me?.name ?? ''}
              id={opened}
              onChanged={() => setRevision((count) => count + 1)}
            />
          )}
        </main>
      </div>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  names: Record<string, string>;
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, names, value, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">全部</option>
        {Object.entries(names).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
