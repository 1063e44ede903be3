/** Every version with what happened to it; what changed between two, and the way back. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { actionName, type Change, type Item, readDiff, type Shelf, statusName } from '../../state/knowledge.ts';
import { clock, dayName } from '../../state/time.ts';

interface Props {
  store: DeskStore;
  shelf: Shelf;
  item: Item;
  onRestore: (version: number) => void;
}

export function History({ store, shelf, item, onRestore }: Props) {
  const [changes, setChanges] = useState<{ from: number; to: number; list: readonly Change[] } | null>(null);
  const [problem, setProblem] = useState('');
  const compare = async (from: number, to: number) => {
    const answer = await readDiff(store.client, shelf, item.id, from, to);
    setProblem(answer.ok ? '' : answer.message);
    if (answer.ok) setChanges({ from, to, list: answer.value });
  };
  const { published, version: newest } = item;
  return (
    <section aria-label="历史">
      <h3>历史</h3>
      {published !== null && published !== newest && (
        <button type="button" class="button" onClick={() => void compare(published, newest)}>
          这一版比市民现在看到的改了什么
        </button>
      )}
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {changes !== null && <Changes {...changes} />}
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
            {version !== newest && (
              <>
                <button type="button" class="button quiet" onClick={() => void compare(version, newest)}>
                  和最新版比较第 {version} 版
                </button>
                <button type="button" class="button quiet" onClick={() => onRestore(version)}>
                  恢复第 {version} 版
                </button>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Changes({ from, to, list }: { from: number; to: number; list: readonly Change[] }) {
  return (
    <section aria-label="变化" data-testid="changes">
      <h4>
        第 {from} 版 → 第 {to} 版
      </h4>
      {list.length === 0 && <p class="hint">内容相同</p>}
      <dl class="changes">
        {list.map((change, index) => (
          <div key={index}>
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
