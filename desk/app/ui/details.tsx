/** Everything known about the open conversation, ready sentences, and what can be done with it. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import type { DeskState, Thread } from '../state/types.ts';
import { cannedReplies, channelName, profileLabel, reasonName, skillName, urgencyName } from '../state/words.ts';
import { CloseDialog, ReleaseDialog } from './action-dialogs.tsx';
import { INSERT_EVENT } from './composer.tsx';
import { TransferDialog } from './transfer-dialog.tsx';

interface Props {
  store: DeskStore;
  state: DeskState;
  thread: Thread;
}

export function Details({ store, state, thread }: Props) {
  const [dialog, setDialog] = useState<'release' | 'transfer' | 'close' | null>(null);
  const { id, info } = thread;
  const isMine = state.mine.some((item) => item.conversationId === id);
  const busy = state.busy.has(id);
  const done = () => setDialog(null);
  return (
    <aside class="details" aria-label="对话详情" data-testid="details">
      <div class="details-scroll">{info !== null && <Facts thread={thread} />}</div>
      {isMine && (
        <section class="quick">
          <h3>快捷回复</h3>
          <ul class="canned">
            {cannedReplies.map(({ title, text }) => (
              <li key={title}>
                <button
                  type="button"
                  class="canned-reply"
                  title={text}
                  onClick={() => document.dispatchEvent(new CustomEvent(INSERT_EVENT, { detail: text }))}
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isMine && (
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => setDialog('release')}>
            交回机器人
          </button>
          <button type="button" class="button" disabled={busy} onClick={() => setDialog('transfer')}>
            转接
          </button>
          <button type="button" class="button primary wide" disabled={busy} onClick={() => setDialog('close')}>
            结束服务
          </button>
        </div>
      )}
      {dialog === 'release' && <ReleaseDialog store={store} id={id} onDone={done} />}
      {dialog === 'transfer' && <TransferDialog store={store} id={id} onDone={done} />}
      {dialog === 'close' && <CloseDialog store={store} id={id} onDone={done} />}
    </aside>
  );
}

function Facts({ thread: { info } }: { thread: Thread }) {
  if (info === null) return null;
  const { handoff } = info;
  const profile = Object.entries(info.profile).filter(
    ([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '',
  );
  return (
    <>
      {handoff !== null && (
        <section>
          <h3>摘要</h3>
          <dl class="facts stacked">
            {summaryLines(handoff.summary).map(([label, text]) => (
              <Fact key={label} label={label} text={text} />
            ))}
          </dl>
          {handoff.note !== null && <p class="colleague-note">{handoff.note}</p>}
        </section>
      )}
      <section>
        <h3>转人工</h3>
        <dl class="facts">
          {handoff !== null && (
            <>
              <Fact label="原因" text={reasonName(handoff.reason)} />
              <Fact label="技能组" text={skillName(handoff.skill)} />
              <Fact label="紧急程度" text={urgencyName[handoff.urgency]} />
            </>
          )}
          <Fact label="渠道" text={channelName(info.channel)} />
        </dl>
      </section>
      <section>
        <h3>市民信息</h3>
        {profile.length === 0 ? (
          <p class="hint">市民没有留下联系信息</p>
        ) : (
          <dl class="facts">
            {profile.map(([key, value]) => (
              <Fact key={key} label={profileLabel(key)} text={value === true ? '是' : value === false ? '否' : String(value)} />
            ))}
          </dl>
        )}
      </section>
    </>
  );
}

const Fact = ({ label, text }: { label: string; text: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
);

/** The summary's `标签：内容` lines; the last words are left out, they stand beside. */
export function summaryLines(summary: string): [label: string, text: string][] {
  const lines: [string, string][] = [];
  for (const line of summary.split('\n')) {
    if (line === '最近对话：') break;
    const cut = line.indexOf('：');
    lines.push(cut === -1 ? ['说明', line] : [line.slice(0, cut), line.slice(cut + 1)]);
  }
  return lines;
}
