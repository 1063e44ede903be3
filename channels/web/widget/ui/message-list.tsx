/** The conversation from its first day on, the quick replies of its newest message, and the way back down. */
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import type { CardAction } from '../../../../bot/activity.ts';
import type { Entry } from '../state/entries.ts';
import type { ChatState } from '../state/store.ts';
import { useChat } from './context.ts';
import { DownIcon } from './icons.tsx';
import { LiveReply } from './live-reply.tsx';
import { Message } from './message.tsx';
import { QuickReplies } from './quick-replies.tsx';
import { RatingCard } from './rating-card.tsx';
import { dayName, isNewDay } from './time.ts';
import { useFollow } from './use-follow.ts';

interface MessageListProps {
  readonly state: ChatState;
  readonly entries: readonly Entry[];
  readonly answered: ReadonlySet<string>;
  readonly name: string;
  readonly withPerson: boolean;
}

export function MessageList({ state, entries, answered, name, withPerson }: MessageListProps) {
  const { t, locale } = useChat();
  const list = useRef<HTMLElement>(null);
  const follow = useFollow(list, entries, state);
  const reported = new Set(said(state, 'feedback.report').map((value) => (value as { activityId?: unknown } | null)?.activityId));
  const replies = repliesOf(entries);
  const now = Date.now();
  return (
    <div class="conversation">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section ref={list} class="scroll" data-testid="scroll" tabIndex={0} aria-label={t.messages} onScroll={follow.onScroll}>
        {/* Silent until the history stands there: only what is new is read out. */}
        <div role="log" aria-live={state.caughtUp ? 'polite' : 'off'} aria-label={t.messages} data-testid="log">
          {entries.map((entry, index) => {
            const before = entries[index - 1];
            return (
              <Fragment key={entry.key}>
                {Number.isFinite(entry.at) && isNewDay(before?.at, entry.at) && <p class="day">{dayName(entry.at, now, locale, t)}</p>}
                {entry.kind === 'note' && (
                  <p class="note" data-testid="note" data-note={entry.note}>
                    <span>{t.notes[entry.note](entry.agent)}</span>
                  </p>
                )}
                {entry.kind === 'rating' && <RatingCard id={String(index)} reasonTags={entry.reasonTags} state={entry.state} />}
                {entry.kind === 'message' && (
                  <Message
                    entry={entry}
                    name={name}
                    answered={answered.has(entry.key)}
                    first={before?.kind !== 'message' || before.speaker !== entry.speaker}
                    reported={entry.activity.id !== undefined && reported.has(entry.activity.id)}
                  />
                )}
              </Fragment>
            );
          })}
        </div>
        {!state.caughtUp && <p class="thinking">{t.connecting}</p>}
        <LiveReply live={state.live} typing={state.typing} name={name} withPerson={withPerson} />
        {replies.length > 0 && !state.live && <QuickReplies actions={replies} />}
      </section>
      {follow.away && (
        <button
          type="button"
          class={follow.unseen ? 'to-bottom unseen' : 'to-bottom'}
          data-testid="to-bottom"
          aria-label={follow.unseen ? t.newMessages : t.toBottom}
          onClick={follow.toBottom}
        >
          <DownIcon size={18} />
          {follow.unseen && t.newMessages}
        </button>
      )}
    </div>
  );
}

/** Values of the citizen's own events of one name, sent or on their way. */
function said({ activities, outbox }: ChatState, name: string): unknown[] {
  return [...activities, ...outbox.map((item) => item.activity)].filter((activity) => activity.name === name).map(({ value }) => value);
}

/** Quick replies of the newest entry: whatever was offered before it is out of date. "转人工" that stands under every reply is left out: the header has it. */
function repliesOf(entries: readonly Entry[]): readonly CardAction[] {
  const newest = entries[entries.length - 1];
  return newest?.kind === 'message' && newest.speaker !== 'citizen'
    ? (newest.activity.suggestedActions?.actions ?? []).filter(({ channelData }) => channelData?.always !== true)
    : [];
}
