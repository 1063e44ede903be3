/** People behind the bot, wired together: staff calendar, work orders, follow-ups, routing, and what they do by themselves. */
import type { ChannelAccount } from '../activity.ts';
import type { Calendars } from '../calendar/calendars.ts';
import type { HandoffDesk } from '../handoff/desk.ts';
import { wantsBotBack } from '../handoff/leave.ts';
import type { DutyDesk } from '../handoff/off-duty.ts';
import { HandoffRouter } from '../handoff/router.ts';
import type { ConversationLog } from '../log.ts';
import type { Outcome } from '../outcome.ts';
import { type Conversation, findConversation } from '../store/conversations.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { openBadRatings } from './bad-ratings.ts';
import { type Ask, FollowUps, planIfSampled } from './follow-ups.ts';
import type { WorkOrder } from './order.ts';
import { type Tell, tellThroughLog } from './tell.ts';
import { WorkOrders } from './work-orders.ts';

export interface PeopleOptions {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly desk: HandoffDesk;
  readonly calendars: Calendars;
  readonly now: () => number;
  readonly newId: () => string;
  /** Four random digits from a good source. */
  readonly newCode: () => string;
  readonly assistant: ChannelAccount;
  readonly departments: ReadonlySet<string>;
  /** Whether the bot may write to this citizen of its own accord; default: always. */
  readonly mayAsk?: ((tx: Db, conversation: Conversation) => Promise<boolean>) | undefined;
  /** Whether the citizen may be told of progress without having asked; default: always. */
  readonly mayTell?: ((tx: Db, conversation: Conversation) => Promise<boolean>) | undefined;
  /** Hears of what failed while nobody waited for it. */
  readonly onError: (error: unknown, what: string) => void;
}

/** What the people made of a citizen's message: nothing is left for the dialogue to do but to say `reply`. */
export interface Heard {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly reply: string | undefined;
}

export class People implements DutyDesk {
  readonly orders: WorkOrders;
  readonly followUps: FollowUps;
  readonly router: HandoffRouter;
  readonly #options: PeopleOptions;
  #unfollow: () => void = () => undefined;
  #sweeping: Promise<void> | undefined;

  constructor(options: PeopleOptions) {
    this.#options = options;
    const { database, log, desk, calendars, now, newId, newCode, departments } = options;
    const write = tellThroughLog(log, options.assistant);
    const tell: Tell = async (tx, to, text, occasion) => {
      if (occasion === 'unasked' && options.mayTell) {
        const conversation = await findConversation(tx, to.conversationId);
        if (!conversation || !(await options.mayTell(tx, conversation))) return () => undefined;
      }
      return write(tx, to, text, occasion);
    };
    const onClosed = (tx: Db, order: WorkOrder) => planIfSampled(tx, order, calendars.followUp);
    this.orders = new WorkOrders({ database, calendars, now, newId, newCode, departments, tell, onClosed });
    const ask: Ask = async (tx, to, text) => {
      const conversation = await findConversation(tx, to.conversationId);
      const allowed = conversation !== undefined && ((await options.mayAsk?.(tx, conversation)) ?? true);
      return allowed ? write(tx, to, text, 'unasked') : 'not_allowed';
    };
    this.followUps = new FollowUps({ database, orders: this.orders, now, ask });
    this.router = new HandoffRouter({ database, desk, calendars, now });
  }

  get calendars(): Calendars {
    return this.#options.calendars;
  }

  /** Takes what is meant for people: 回到助手 while waiting or talking to somebody, and answers to a follow-up. Undefined: not for us. */
  async hears({ id, mode }: Pick<Conversation, 'id' | 'mode'>, text: string, midFlow: boolean): Promise<Heard | undefined> {
    if ((mode === 'waiting' || mode === 'agent') && wantsBotBack(text)) {
      return (await this.#options.desk.leave(id)) ? { outcome: 'small_talk', reason: 'left_person', reply: undefined } : undefined;
    }
    // a bare 是 or 1 belongs to the flow that asked for it, and to the person who is there
    if (midFlow || mode === 'agent') return undefined;
    const answered = await this.followUps.answer(id, text);
    return answered && { outcome: 'rated', reason: `follow_up_${answered.verdict}`, reply: answered.reply };
  }

  /** The citizen has gone away for good: nobody waits for them, and the agent who has them is told. */
  async left({ id, mode }: Pick<Conversation, 'id' | 'mode'>): Promise<void> {
    if (mode === 'waiting' || mode === 'agent') await this.#options.desk.leave(id, '市民结束了对话，已经离开');
  }

  /** Routes at once when the queue moves; everything else is looked after by `sweep`, which somebody calls every few seconds. */
  start(): void {
    this.#unfollow = this.#options.desk.onChange((elsewhere) => void (elsewhere || this.#routed()));
  }

  /** One look at everything; never rejects. Looks at the same time share one. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  /** Stops looking; resolves when the last look is done. */
  async close(): Promise<void> {
    this.#unfollow();
    await this.#sweeping;
    await this.#routed();
  }

  async #sweep(): Promise<void> {
    const { database, desk, now, onError } = this.#options;
    const order = (error: unknown, id: string) => onError(error, `work order ${id}`);
    const steps: readonly [string, () => Promise<unknown>][] = [
      ['bad ratings', () => openBadRatings({ database, orders: this.orders, now }, order)],
      ['work orders', () => this.orders.sweep(order)],
      ['follow-ups', () => this.followUps.sweep(order)],
      ['routing', () => this.router.route()],
      // estimates that ran out are told anew
      ['places', () => desk.queueMoved()],
    ];
    for (const [what, step] of steps) await step().catch((error: unknown) => onError(error, what));
  }

  #routed(): Promise<unknown> {
    return this.router.route().catch((error: unknown) => this.#options.onError(error, 'routing'));
  }
}
