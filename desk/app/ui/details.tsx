/** Everything known about the open conversation, ready sentences, and what can be done with it. */
import { useEffect, useState } from 'preact/hooks';
import { type CannedReply, readCanned } from '../state/canned.ts';
import type { DeskStore } from '../state/desk-store.ts';
import type { DeskState, Thread } from '../state/types.ts';
import { channelName, profileLabel, reasonName, skillName, urgencyName } from '../state/words.ts';
import { CloseDialog, ReleaseDialog } from './action-dialogs.tsx';
import { INSERT_EVENT } from './composer.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { KnowledgePanel } from './knowledge-panel.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { TogetherDialog } from './together-dialog.tsx';
import { TransferDialog } from './transfer-dialog.tsx';

interface Props {
  store: DeskStore;
  state: DeskState;
  thread: Thread;
}

export function Details({ store, state, thread }: Props) {
  const [tab, setTab] = useState<Tab>('facts');
  const [dialog, setDialog] = useState<'release' | 'together' | 'transfer' | 'close' | null>(null);
  const { id, info } = thread;
  const isMine = state.mine.some((item) => item.conversationId === id);
  const busy = state.busy.has(id);
  const done = () => setDialog(null);
  return (
    <aside class="details" aria-label="对话详情" data-testid="details">
      <Tabs tab={tab} onTab={setTab} />
      <div class="details-scroll" role="tabpanel" id={panelId} aria-labelledby={`tab-${tab}`}>
        {tab === 'facts' && info !== null && <Facts thread={thread} />}
        {tab === 'facts' && isMine && <CannedReplies store={store} />}
        {tab === 'knowledge' && <KnowledgePanel store={store} thread={thread} mine={isMine} />}
        {tab === 'notes' && <NotesPanel store={store} thread={thread} />}
        {tab === 'history' && <HistoryPanel store={store} id={id} />}
      </div>
      {isMine && (
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => setDialog('release')}>
            交回机器人
          </button>
          <button type="button" class="button" disabled={busy} onClick={() => setDialog('together')}>
            一起办
          </button>
          <button type="button" class="button" disabled={busy} onClick={() => setDialog('transfer')}>
            转接
          </button>
          <button type="button" class="button primary" disabled={busy} onClick={() => setDialog('close')}>
            结束服务
          </button>
        </div>
      )}
      {dialog === 'release' && <ReleaseDialog store={store} id={id} onDone={done} />}
      {dialog === 'together' && <TogetherDialog store={store} id={id} onDone={done} />}
      {dialog === 'transfer' && <TransferDialog store={store} id={id} onDone={done} />}
      {dialog === 'close' && <CloseDialog store={store} id={id} onDone={done} />}
    </aside>
  );
}

const tabs = { facts: '详情', knowledge: '知识', notes: '备注', history: '往来' } as const;
type Tab = keyof typeof tabs;
const panelId = 'details-panel';

/** One tab stop; the arrow keys move, as in every tab list. */
function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const all = Object.keys(tabs) as Tab[];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="对话详情">
      {all.map((one) => (
        <button
          key={one}
          id={`tab-${one}`}
          type="button"
          role="tab"
          aria-selected={one === tab}
          aria-controls={panelId}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
          onKeyDown={onKeyDown}
        >
          {tabs[one]}
        </button>
      ))}
    </div>
  );
}

function CannedReplies({ store }: { store: DeskStore }) {
  const [replies, setReplies] = useState<readonly CannedReply[]>([]);
  useEffect(() => {
    void readCanned(store.client).then((answer) => answer.ok && setReplies(answer.value));
  }, [store]);
  if (replies.length === 0) return null;
  return (
    <section class="quick">
      <h3>快捷回复</h3>
      <ul class="canned">
        {replies.slice(0, 12).map(({ id, title, text }) => (
          <li key={id}>
            <button
              type="button"
              class="canned-reply"
              title={text}
              onClick={() => document.dispatchEvent(new CustomEvent(INSERT_EVENT, { detail: { canned: text } }))}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </section>
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
          {handoff.status === 'active' && <OwnerLine handoff={handoff} />}
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

/** 首问负责: who took it first, and who is responsible while it changes hands. */
function OwnerLine({ handoff }: { handoff: NonNullable<NonNullable<Thread['info']>['handoff']> }) {
  const { firstOwner, agent, offeredTo } = handoff;
  return (
    <dl class="facts" data-testid="owner">
      {firstOwner !== null && <Fact label="首问" text={firstOwner} />}
      <Fact label="现在负责" text={`${agent ?? ''}${offeredTo === null ? '' : `（等 ${offeredTo} 接手）`}`} />
    </dl>
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
