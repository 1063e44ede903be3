/** One turn, top to bottom: receive → screen → understand → act → ground → render → record. */
import type { NameMatcher } from '../knowledge/index/names.ts';
import { type Acted, type ActTools, act, type Effect } from './act.ts';
import { type Activity, type ChannelAccount, MAX_TEXT_LENGTH } from './activity.ts';
import { type Draft, say } from './answer/draft.ts';
import { unsupportedTokens } from './answer/ground.ts';
import { draftProblems } from './answer/grounding/draft.ts';
import { nothingFound } from './answer/retrieve.ts';
import { type DialogueState, freshState, stateKey } from './dialogue-state.ts';
import { matchOption } from './flows/slots.ts';
import type { DutyTools } from './handoff/request.ts';
import { fills, type Heard, heardTogether, invitationIsLast, invited } from './handoff/together.ts';
import { withModelUsage } from './llm/turn-usage.ts';
import type { ConversationLog } from './log.ts';
import { type Observe, unobserved } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { outburstEffects, outburstWords } from './patterns/civility.ts';
import { foreignNotice } from './patterns/language.ts';
import { soothed } from './patterns/reception.ts';
import type { Patterns } from './patterns/schema.ts';
import type { WishAnswer } from './privacy/wishes.ts';
import { type Received, receive } from './received.ts';
import { record } from './record.ts';
import { type ChannelCapabilities, humanWords, render } from './render.ts';
import { knowledgeMark, withMark } from './repeat.ts';
import { screen } from './safety/screen.ts';
import { lastActivities } from './store/activities.ts';
import type { Conversation } from './store/conversations.ts';
import { answers, type Db, type OpenDatabase } from './store/database.ts';
import type { Demand } from './store/demands.ts';
import { isUnavailable } from './store/errors.ts';
import type { InboxRow } from './store/inbox.ts';
import type { HelpWays, Texts } from './texts.ts';
import type { Command } from './understand/commands.ts';
import { bareDemand } from './understand/demand.ts';
import { lastTurns } from './understand/last-turns.ts';
import { type UnderstandTools, type Understood, understand } from './understand/understand.ts';
import { wantsWindow } from './window/wish.ts';
import type { People } from './work-orders/people.ts';

export interface TurnTools extends ActTools, UnderstandTools, DutyTools {
  /** Work orders, follow-ups and routing: hears what is meant for people. */
  readonly people?: Pick<People, 'hears' | 'left'> | undefined;
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly newId: () => string;
  /** Eight random digits from a good source. */
  readonly newWindowCode: () => string;
  readonly bot: ChannelAccount;
  readonly sample: boolean;
  readonly hotlineHours: string;
  readonly helpWays: HelpWays;
  readonly flowNames: NameMatcher;
  /** What the city says and when, in the patterns every conversation has. */
  readonly patterns: Patterns;
  /** What a message asks of the government and whose matter it is. */
  readonly demandOf: (text: string, found: Understood['found']) => Demand;
  /** Whether the bot may write to a silent citizen there of its own accord. */
  readonly mayRemind: (db: Db, conversation: Conversation) => Promise<boolean>;
  /** Names the published knowledge; changes with every publish. */
  readonly revision: () => string;
  readonly capabilitiesOf: (channel: string) => ChannelCapabilities;
  /** Hears what citizens ask about their own data. */
  readonly privacy?: { hears(conversation: Conversation, text: string): Promise<WishAnswer | undefined> } | undefined;
  /** Whether the operator has switched a channel off. */
  readonly closed?: (channel: string) => boolean;
  /** Whether a conversation goes too fast: `tell` it so, or it was told. */
  readonly pace?: (conversation: Conversation) => Promise<'tell' | 'silent' | undefined> | undefined;
  /** Names of staff who are at the desk now. */
  readonly staffOnline: (db: Db) => Promise<number>;
  /** Hears of failures inside a turn: the citizen got an apology, the operator must see why. */
  readonly report: (error: unknown, row: InboxRow) => void;
  /** Hears that a conversation's inbox could not be worked on. */
  readonly reportDrain: (error: unknown, conversationId: string) => void;
  /** Sees every turn and step of it; absent: nobody looks. */
  readonly observe?: Observe | undefined;
  /** Called after a commit that left these members of staff something to read. */
  readonly staffTold: (names: readonly string[]) => void;
  /** Called after a commit that opened a handoff. */
  readonly queueMoved: () => void;
}

/** An invitation further back has had other words after it. */
const invitationLookBack = 20;

/** Runs the turn of one inbox row and commits it. Errors: the store's (nothing was sent, the row stays pending); OutOfTurnError. */
export function runTurn(tools: TurnTools, row: InboxRow): Promise<Outcome> {
  const id = tools.newId();
  const facts = { turn: id, conversation: row.conversationId, channel: row.channel, attempt: row.attempts + 1 };
  return (tools.observe ?? unobserved)('turn', facts, async (note) => {
    const outcome = await turn(tools, row, id);
    note({ outcome });
    return outcome;
  });
}

async function turn(tools: TurnTools, row: InboxRow, id: string): Promise<Outcome> {
  const { observe = unobserved } = tools;
  const timings: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await observe(step, {}, work);
    } finally {
      timings[step] = Math.round((performance.now() - start) * 1000) / 1000;
    }
  };
  const received = await timed('receive', () => receive(tools, row));
  const { acted, commands, confidence, demand } = await withModelUsage(
    timings,
    () => decide(tools, received, timed),
    `${received.conversation.channel}:${received.conversation.userId}`,
  );
  const grounded = withHelpWays(await timed('ground', () => ground(acted, received.texts, tools)), received, tools.helpWays);
  const { reception, texts } = received;
  const drafts = tools.patterns.upset.enabled ? soothed(grounded.drafts, reception, grounded.outcome, texts) : grounded.drafts;
  const replies = await timed('render', () => rendered(tools, received, drafts));
  const decided = {
    row,
    conversation: received.conversation,
    texts: received.texts,
    locale: received.locale,
    filter: received.filter,
    stateKey: stateKey(row.channel, row.conversationId),
    state: grounded.state,
    eTag: received.eTag,
    replies,
    effects: grounded.effects,
    script: reception.script,
    demand,
    before: received.before,
    turn: { id, outcome: grounded.outcome, reason: grounded.reason, commands, confidence, citations: citedItems(grounded.drafts), timings },
  };
  await observe('record', {}, () => record(tools, decided));
  return grounded.outcome;
}

type Timed = <T>(step: string, work: () => T | Promise<T>) => Promise<T>;
interface Decision {
  readonly acted: Acted;
  readonly commands: readonly Command[];
  readonly confidence: number | null;
  readonly demand?: Demand | undefined;
}

/** Screen, understand and act; whatever breaks in them becomes an honest apology, never a lost message. */
async function decide(tools: TurnTools, received: Received, timed: Timed): Promise<Decision> {
  const still = (
    outcome: Outcome,
    drafts: readonly Draft[] = [],
    reason: string | null = null,
    effects: readonly Effect[] = [],
  ): Decision => ({
    acted: { drafts, outcome, reason, confidence: null, state: received.state, effects },
    commands: [],
    confidence: null,
  });
  try {
    const { activity } = received.row;
    const { texts, reception } = received;
    const human = { kind: 'say' as const, title: texts.human, value: humanWords };
    if (activity.type === 'conversationUpdate') return still('greeted', [greeting(tools, texts)]);
    if (activity.type === 'event') {
      const invitation = invited(activity, received.state, (id) => tools.engine.flows.find((flow) => flow.id === id)?.name);
      if (invitation && received.conversation.mode === 'agent')
        return (await togetherDecided(tools, received, invitation, timed)) ?? still('ignored', [], activity.name);
      return activity.name === 'rating.submit'
        ? still('rated', [], null, [{ type: 'rate', value: activity.value }])
        : still('ignored', [], activity.name ?? null);
    }
    if (activity.type === 'endOfConversation') {
      await tools.people?.left(received.conversation);
      const ended = still('ignored', [], 'ended', [{ type: 'end' }]);
      // What was said stays in the log as long as any; nothing of it is gone on with.
      return { ...ended, acted: { ...ended.acted, state: freshState() } };
    }
    if (activity.type !== 'message') return still('ignored', [], activity.type);
    const verdict = await timed('screen', () => screen(activity.text ?? ''));
    if (verdict.kind === 'emergency') return still('emergency_routed', [say(verdict.text)], verdict.rule);
    const heard = await tools.people?.hears(received.conversation, activity.text ?? '', typeof received.state.flow?.asking === 'string');
    if (heard) return still(heard.outcome, heard.reply === undefined ? [] : [say(heard.reply)], heard.reason);
    if (received.conversation.mode === 'agent') {
      const joint = heardTogether(activity.text ?? '', received.state, await stillInvited(tools, received));
      return (joint && (await togetherDecided(tools, received, joint, timed))) ?? still('with_agent');
    }
    const wish = await tools.privacy?.hears(received.conversation, activity.text ?? '');
    if (wish) {
      const buttons = wish.buttons.map((title) => ({ kind: 'say' as const, title, value: title }));
      return still('privacy_request', [say(wish.text, buttons)], wish.reason);
    }
    // Below emergencies and people, who are there all the same.
    if (tools.closed?.(received.conversation.channel)) return still('channel_closed', [say(texts.channelClosed(tools.hotline))]);
    const pace = await tools.pace?.(received.conversation);
    if (pace) return still('ignored', pace === 'tell' ? [say(texts.tooFast(tools.hotline))] : [], 'flood');
    if (verdict.kind === 'prohibited') return still('declined_prohibited', [say(verdict.text)], verdict.rule);
    if (verdict.kind === 'not_accepted') return still('declined_not_accepted', [say(verdict.text)], verdict.rule);
    const { foreign, matter } = reception;
    if (foreign && tools.patterns.language.enabled)
      return still('unanswerable_not_understood', [say(foreignNotice(foreign), [human])], `language:${foreign}`);
    if (matter === '' && (activity.text ?? '').trim() !== '')
      return still('small_talk', [say(outburstWords(reception.state, texts), [human])], 'outburst', outburstEffects(reception.state));
    const bare = received.state.flow ? undefined : bareDemand(matter);
    if (bare) {
      const told = still('clarified', [say(texts.tellMatter[bare], [human])], `tell_${bare}`);
      return { ...told, acted: { ...told.acted, state: { ...received.state, telling: true } } };
    }
    if (wantsWindow(matter)) return still('answered', [], 'window_code', [{ type: 'window_code' }]);
    const understood = await timed('understand', () => interpret(tools, received, { ...activity, text: matter }));
    if (!understood) return still('unanswerable_attachment', [say(texts.attachmentOnly)]);
    const demand = asksSomething(understood) || unread(understood) ? tools.demandOf(understood.text, understood.found) : undefined;
    const skill = tools.departmentOf(demand?.department ?? undefined)?.skill ?? formerSkill(tools, received);
    const acted = await timed('act', () => carriedOut(tools, received, understood, { skill, demand }));
    return { acted, commands: understood.commands, confidence: understood.confidence, demand };
  } catch (error) {
    // Without its store no turn can end: the message waits for it instead of getting an apology.
    if (isUnavailable(error) && !(await answers(tools.database.db))) throw error;
    tools.report(error, received.row);
    return still(
      'failed_internal',
      [say(received.texts.internalError(tools.hotline))],
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** Executes what was understood, on the state before the turn or on `state`. */
function carriedOut(
  tools: TurnTools,
  { texts, locale, filter, stream, conversation, state: before }: Received,
  understood: Understood,
  { skill, demand, state = before }: { skill?: string | undefined; demand?: Demand | undefined; state?: DialogueState } = {},
): Promise<Acted> {
  const { channel, profile } = conversation;
  return act(
    { tools, texts, locale, understood, filter, channel, profile, onChecked: stream.onChecked, now: tools.now(), skill, demand },
    state,
  );
}

/** What becomes of an agent's invitation to fill in a flow together; undefined: the message is for the agent alone. */
async function togetherDecided(tools: TurnTools, received: Received, heard: Heard, timed: Timed): Promise<Decision | undefined> {
  const { activity } = received.row;
  const decided = (acted: Acted, commands: readonly Command[] = []): Decision => ({ acted, commands, confidence: 1 });
  const acted = { outcome: 'with_agent' as const, reason: `together_${heard.kind}`, confidence: 1 };
  const consented = heard.kind === 'agreed' || heard.kind === 'declined' ? [{ type: 'consent' as const, value: heard.consent }] : [];
  switch (heard.kind) {
    case 'asked':
    case 'declined':
      return decided({ ...acted, drafts: [heard.draft], state: heard.state, effects: consented });
    case 'agreed': {
      const understood = {
        commands: [heard.start],
        confidence: 1,
        recogniser: 'local' as const,
        text: activity.text ?? '',
        found: nothingFound,
      };
      const begun = await timed('act', () => carriedOut(tools, received, understood, { state: heard.state }));
      return decided({ ...begun, effects: [...consented, ...begun.effects] }, understood.commands);
    }
    case 'filling': {
      const understood = await timed('understand', () => interpret(tools, received, activity));
      if (!understood || !fills(understood.commands)) return undefined;
      const filled = await timed('act', () => carriedOut(tools, received, understood));
      const over = filled.state.flow === null;
      return decided({ ...filled, state: over ? { ...filled.state, together: null } : filled.state }, understood.commands);
    }
  }
}

/** Reads the log only while an invitation is open. */
async function stillInvited({ database }: TurnTools, { state, row, conversation }: Received): Promise<boolean> {
  if (!state.together || state.together.agreed) return false;
  const log = await lastActivities(database.db, conversation.id, invitationLookBack);
  return invitationIsLast(log.filter(({ seq }) => seq < row.activity.seq));
}

/** A message that carries a matter: not steering, small talk or an answer to a flow's question. */
function asksSomething({ commands }: Understood): boolean {
  return commands.some(({ type }) => type === 'answer' || type === 'start_flow' || type === 'clarify');
}

const unread = ({ commands }: Understood): boolean => commands.length > 0 && commands.every(({ type }) => type === 'cannot_handle');

/** Whose matter the conversation was before: 转人工 alone says nothing. */
function formerSkill(tools: TurnTools, { before }: Received): string | undefined {
  return tools.departmentOf(before.demand?.department ?? undefined)?.skill;
}

/** Words and forms become commands; undefined when the message has neither (only files). */
async function interpret(
  tools: TurnTools,
  { state, filter, row, conversation }: Received,
  activity: Activity,
): Promise<Understood | undefined> {
  const form = formCommands(activity.value);
  const text = activity.text?.trim() ?? '';
  if (form.length > 0) return { commands: form, confidence: 1, recogniser: 'local', text, found: nothingFound };
  if (text === '') return undefined;
  const activeFlow = tools.engine.flowOf(state.flow);
  const today = new Date(row.activity.timestamp);
  // Only a model makes use of more than the last question.
  const turns = tools.writer ? await lastTurns(tools.database.db, conversation.id, row.activity.seq) : [];
  const understood = await understand(tools, { text, state, activeFlow, filter, today, turns });
  return {
    ...understood,
    commands: understood.commands.map((command) => (command.type === 'start_flow' ? withGiven(tools, command, understood.text) : command)),
  };
}

/** A submitted form sets every slot it has a value for. */
function formCommands(value: unknown): Command[] {
  if (typeof value !== 'object' || value === null || !('wenbanForm' in value)) return [];
  return Object.entries(value)
    .filter(
      ([key, input]) => key !== 'wenbanForm' && (typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'),
    )
    .map(([slot, input]) => ({ type: 'set_slot' as const, slot: slot.slice(0, 120), value: String(input).slice(0, MAX_TEXT_LENGTH) }));
}

/** What the opening message already says is not asked again: 身份证丢了，列个清单 → reason = lost. */
function withGiven(tools: TurnTools, command: Extract<Command, { type: 'start_flow' }>, text: string): Command {
  const flow = tools.engine.flows.find((one) => one.id === command.flow);
  const given: Record<string, string> = {};
  for (const [id, slot] of Object.entries(flow?.slots ?? {})) {
    const value = slot.type === 'choice' ? matchOption(slot, text) : undefined;
    if (value !== undefined) given[id] = value;
  }
  return { ...command, slots: { ...given, ...command.slots } };
}

function greeting(tools: TurnTools, texts: Texts): Draft {
  return say(
    texts.greeting(tools.assistant, tools.city, tools.sample),
    texts.greetingQuestions.map((question) => ({ kind: 'say' as const, title: question, value: question })),
  );
}

/**
 * Drafts with a number, date, fee, phone, link or document name that no cited passage holds never reach the citizen (design §2.5);
 * what a model wrote is checked sentence by sentence once more.
 */
function ground(acted: Acted, texts: Texts, { hotline, writer }: TurnTools): Acted {
  const check = writer ? { names: writer.names } : {};
  const grounded = (draft: Draft) =>
    draft.origin === 'ai' ? draftProblems(draft, check).length === 0 : unsupportedTokens(draft).length === 0;
  const drafts = acted.drafts.filter(grounded);
  if (drafts.length === acted.drafts.length) return acted;
  return {
    ...acted,
    drafts: [...drafts, say(texts.notFound(undefined, hotline))],
    outcome: 'unanswerable_not_found',
    reason: 'ungrounded',
  };
}

/** Where the assistant can't help, the three other ways stand under its words: not yet when asking again may do. */
function withHelpWays(acted: Acted, { texts, state }: Received, ways: HelpWays): Acted {
  const failed =
    acted.outcome === 'unanswerable_not_found' ||
    acted.outcome === 'failed_internal' ||
    (acted.outcome === 'unanswerable_not_understood' && state.misses > 0);
  const [last] = acted.drafts.slice(-1);
  if (!failed || !last || acted.state.flow) return acted;
  const rest = acted.drafts.slice(0, -1);
  return { ...acted, drafts: [...rest, { ...last, text: `${last.text}\n\n${texts.otherWays(ways)}` }] };
}

function rendered(tools: TurnTools, { stream, filter, render: options }: Received, drafts: readonly Draft[]): Activity[] {
  return withMark(stream.ended(render(drafts, options)), knowledgeMark(tools.revision(), filter));
}

function citedItems(drafts: readonly Draft[]): string[] {
  return [...new Set(drafts.flatMap((draft) => draft.citations.map((passage) => passage.id)))];
}
