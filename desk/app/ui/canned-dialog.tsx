/** Keeping canned replies: everybody's own, and the shared ones for those who keep them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CannedReply, type CannedWords, dropCanned, readCanned, saveCanned, variableNames } from '../state/canned.ts';
import type { DeskStore } from '../state/desk-store.ts';
import type { Me } from '../state/types.ts';

const keepers: readonly Me['role'][] = ['editor', 'supervisor', 'admin'];
type Editing = CannedWords & { readonly id?: string };

export function CannedDialog({ store, role, onClose }: { store: DeskStore; role: Me['role']; onClose: () => void }) {
  const element = useRef<HTMLDialogElement>(null);
  const [replies, setReplies] = useState<readonly CannedReply[]>([]);
  const [editing, setEditing] = useState<Editing | null>(null);
  /** Asked once more before it is gone. */
  const [dropping, setDropping] = useState('');
  const [problem, setProblem] = useState('');
  const read = async () => {
    const answer = await readCanned(store.client);
    if (answer.ok) setReplies(answer.value);
    else setProblem(answer.message);
  };
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    void read();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const done = async (work: Promise<{ ok: boolean; message?: string }>) => {
    const answer = await work;
    setProblem(answer.ok ? '' : (answer.message ?? ''));
    if (!answer.ok) return;
    setEditing(null);
    await read();
  };
  const fresh = { title: '', text: '', shortcut: '', shared: keepers.includes(role) };

  return (
    <dialog ref={element} class="dialog wide-dialog" aria-labelledby="canned-title" onCancel={onClose}>
      <h2 id="canned-title">常用语</h2>
      <p class="hint">
        在回复框里输入 / 和几个字母就能插入。可用变量：
        {Object.entries(variableNames).map(([name, words]) => (
          <span key={name}>
            {' '}
            <code>{`{${name}}`}</code> {words}
          </span>
        ))}
      </p>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {editing === null ? (
        <ul class="canned-list" data-testid="canned-list">
          {replies.map((reply) => (
            <li key={reply.id} class="canned-one">
              <div class="canned-words">
                <strong>{reply.title}</strong> {reply.shortcut !== '' && <kbd>/{reply.shortcut}</kbd>}{' '}
                <span class="hint">{reply.shared ? '公共' : '我的'}</span>
                <p>{reply.text}</p>
              </div>
              {reply.editable && (
                <>
                  <button type="button" class="button small" aria-label={`修改：${reply.title}`} onClick={() => setEditing(reply)}>
                    修改
                  </button>
                  <button
                    type="button"
                    class="button small quiet"
                    aria-label={`${dropping === reply.id ? '确认删除' : '删除'}：${reply.title}`}
                    onClick={() => (dropping === reply.id ? void done(dropCanned(store.client, reply.id)) : setDropping(reply.id))}
                  >
                    {dropping === reply.id ? '确认删除' : '删除'}
                  </button>
                </>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <ReplyForm
          value={editing}
          mayShare={keepers.includes(role)}
          onCancel={() => setEditing(null)}
          onSave={(words) => void done(saveCanned(store.client, words, editing.id))}
        />
      )}
      {editing === null && (
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => setEditing(fresh)}>
            新建常用语
          </button>
          <button type="button" class="button primary" onClick={onClose}>
            完成
          </button>
        </div>
      )}
    </dialog>
  );
}

function ReplyForm({
  value,
  mayShare,
  onSave,
  onCancel,
}: {
  value: Editing;
  mayShare: boolean;
  onSave: (words: CannedWords) => void;
  onCancel: () => void;
}) {
  const [words, setWords] = useState<CannedWords>({
    title: value.title,
    text: value.text,
    shortcut: value.shortcut,
    shared: value.shared,
  });
  const change = (part: Partial<CannedWords>) => setWords({ ...words, ...part });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(words);
      }}
    >
      <label class="field">
        <span>标题</span>
        <input required maxLength={20} value={words.title} onInput={(event) => change({ title: event.currentTarget.value })} />
      </label>
      <label class="field">
        <span>快捷字母（选填）</span>
        <input
          maxLength={12}
          pattern="[a-zA-Z0-9]*"
          value={words.shortcut}
          onInput={(event) => change({ shortcut: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>内容</span>
        <textarea required rows={4} maxLength={1000} value={words.text} onInput={(event) => change({ text: event.currentTarget.value })} />
      </label>
      {mayShare && value.id === undefined && (
        <label class="check">
          <input type="checkbox" checked={words.shared} onChange={(event) => change({ shared: event.currentTarget.checked })} />{' '}
          所有座席都能用
        </label>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onCancel}>
          取消
        </button>
        <button type="submit" class="button primary">
          保存
        </button>
      </div>
    </form>
  );
}
