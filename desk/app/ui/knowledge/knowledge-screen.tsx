/** The editors' screen: find an entry or a flow, read and change it, bring it into service. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Filter, kindName, listItems, pageSize, type Shelf, type ShelfList, shelfName, statusName } from '../../state/knowledge.ts';
import { paramOf } from '../../state/screens.ts';
import type { DeskState } from '../../state/types.ts';
import { Choice, ListScreen, SearchBox } from '../list-screen.tsx';
import { ItemEditor } from './item-editor.tsx';
import { NewFaqForm } from './new-faq.tsx';
import { NewFlowForm } from './new-flow.tsx';

const everything: Filter = { q: '', kind: '', status: '', offset: 0 };
const searchAfterMs = 250;

export function KnowledgeScreen({ store, state }: { store: DeskStore; state: DeskState }) {
  const [shelf, setShelf] = useState<Shelf>('items');
  const [filter, setFilter] = useState<Filter>(everything);
  const [list, setList] = useState<ShelfList | null>(null);
  const [problem, setProblem] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const asked = paramOf(location.hash, 'question');
  const [creating, setCreating] = useState(asked !== null);
  const [revision, setRevision] = useState(0);

  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const answer = await listItems(store.client, shelf, filter);
      if (stale) return;
      setProblem(answer.ok ? '' : answer.message);
      if (answer.ok) setList(answer.value);
    }, searchAfterMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [shelf, filter, revision, store]);

  const narrow = (change: Partial<Filter>) => setFilter({ ...filter, ...change, offset: 0 });
  const changed = (id: string) => {
    setRevision((count) => count + 1);
    setCreating(false);
    setOpened(id);
  };
  const turnTo = (next: Shelf) => {
    setShelf(next);
    setFilter(everything);
    setList(null);
    setOpened(null);
    setCreating(false);
  };
  const flows = shelf === 'flows';

  return (
    <ListScreen
      store={store}
      state={state}
      label={flows ? '流程' : '知识条目'}
      filter={
        <>
          <Choice label="看什么" names={shelfName} value={shelf} onChange={(next) => turnTo(next as Shelf)} />
          <SearchBox value={filter.q} placeholder={flows ? '名称或编号' : '名称、问法、部门或编号'} onInput={(q) => narrow({ q })} />
          {!flows && <Choice label="种类" names={kindName} value={filter.kind} all="全部" onChange={(kind) => narrow({ kind })} />}
          <Choice
            label="状态"
            names={{ draft: '草稿', reviewed: '已审核', published: '已发布', expired: '已停用' }}
            value={filter.status}
            all="全部"
            onChange={(status) => narrow({ status })}
          />
          <button type="button" class="button primary" onClick={() => setCreating(true)}>
            {flows ? '新建流程' : '新建问答'}
          </button>
        </>
      }
      problem={problem}
      status={list === null ? '正在读取…' : `共 ${list.total} 条`}
      testId="items"
      rows={(list?.items ?? []).map((item) => ({
        key: item.id,
        title: item.title,
        about: `${flows ? item.id : kindName[item.kind ?? '']} · ${statusName[item.status]} · 第 ${item.version} 版${item.department === null ? '' : ` · ${item.department}`}`,
      }))}
      opened={opened}
      onOpen={(id) => {
        setCreating(false);
        setOpened(id);
      }}
      more={list !== null && list.total > pageSize && <Pages filter={filter} total={list.total} onTurn={setFilter} />}
    >
      {creating && flows ? (
        <NewFlowForm store={store} onDone={changed} onCancel={() => setCreating(false)} />
      ) : creating && list !== null ? (
        <NewFaqForm
          store={store}
          departments={list.departments ?? []}
          question={asked ?? ''}
          onDone={changed}
          onCancel={() => setCreating(false)}
        />
      ) : opened === null ? (
        <p class="list-empty">从左侧选一条，或新建一{flows ? '个流程' : '条问答'}。发布之前，市民看到的还是旧内容。</p>
      ) : (
        <ItemEditor
          key={`${shelf} ${opened}`}
          store={store}
          me={state.me?.name ?? ''}
          shelf={shelf}
          id={opened}
          onChanged={() => setRevision((count) => count + 1)}
        />
      )}
    </ListScreen>
  );
}

function Pages({ filter, total, onTurn }: { filter: Filter; total: number; onTurn: (filter: Filter) => void }) {
  const { offset } = filter;
  return (
    <div class="pages">
      <button
        type="button"
        class="button"
        disabled={offset === 0}
        onClick={() => onTurn({ ...filter, offset: Math.max(0, offset - pageSize) })}
      >
        上一页
      </button>
      <button
        type="button"
        class="button"
        disabled={offset + pageSize >= total}
        onClick={() => onTurn({ ...filter, offset: offset + pageSize })}
      >
        下一页
      </button>
    </div>
  );
}
