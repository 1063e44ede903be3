/** The list that opens above the message box after a slash; the keyboard stays in the box. */
import type { CannedReply } from '../state/canned.ts';

export const pickerId = 'canned-picker';

export function CannedPicker({
  replies,
  picked,
  onPick,
}: {
  replies: readonly CannedReply[];
  picked: number;
  onPick: (reply: CannedReply) => void;
}) {
  return (
    <div class="canned-picker">
      <div id={pickerId} role="listbox" aria-label="常用语" data-testid="canned-picker">
        {replies.map((reply, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the message box has the keyboard and moves in this list
          <div
            key={reply.id}
            id={`${pickerId}-${index}`}
            role="option"
            aria-selected={index === picked}
            tabIndex={-1}
            // the box keeps the focus
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(reply)}
          >
            <strong>{reply.title}</strong>
            {reply.shortcut !== '' && <kbd>/{reply.shortcut}</kbd>}
            <span class="picker-text">{reply.text}</span>
          </div>
        ))}
      </div>
      <p class="visually-hidden" role="status">
        找到 {replies.length} 条常用语，上下键选择，Enter 插入
      </p>
    </div>
  );
}
