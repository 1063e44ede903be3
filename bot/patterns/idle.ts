/** Speaks to silent conversations when they are due: one reminder, then the end. Durable, by one process at a time. */
import type { ChannelAccount } from '../activity.ts';
import { type Draft, say } from '../answer/draft.ts';
import { type DialogueState, dialogueStateSchema, stateKey } from '../dialogue-state.ts';
import { ratingRequest } from '../handoff/events.ts';
import type { ConversationLog } from '../log.ts';
import { type ChannelCapabilities, render } from '../render.ts';
import { type Conversation, findConversation } from '../store/conversations.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { StateConflictError } from '../store/errors.ts';
import { pendingInbox } from '../store/inbox.ts';
import { ratingSettled } from '../store/ratings.ts';
import { dueReminders, type Reminder, setReminder, takeReminder } from '../store/reminders.ts';
import { StateStorage } from '../store/state.ts';
import type { IdleRules } from './idle-schedule.ts';
import { paused } from './pause.ts';
import type { Patterns } from './schema.ts';
import { inTraditional } from './script.ts';
import { wordedTexts } from './texts.ts';

export interface IdleOptions extends IdleRules {
  readonly patterns: Patterns;
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly bot: ChannelAccount;
  readonly newId: () => string;
  readonly capabilitiesOf: (channel: string) => ChannelCapabilities;
  /** Hears of a conversation that could not be spoken to; it stays due. */
  readonly onError: (error: unknown) => void;
}

const batch = 50;
const minute = 60_000;

export class IdleWatch {
  readonly #options: IdleOptions;

  constructor(options: IdleOptions) {
    this.#options = options;
  }

  /** Speaks to everybody who is due now; called every few seconds. Errors of the store propagate. */
  async look(): Promise<void> {
    const { database, now, onError } = this.#options;
    for (const due of await dueReminders(database.db, now(), batch)) {
      try {
        await this.#speak(due);
      } catch (error) {
        // A turn ran at the same moment: it sets the reminder anew.
        if (!(error instanceof StateConflictError)) onError(error);
      }
    }
  }

  async #speak(due: Reminder): Promise<void> {
    const { database, log, now, newId } = this.#options;
    const seq = await database.transaction(async (tx) => {
      if (!(await takeReminder(tx, due))) return undefined;
      const conversation = await findConversation(tx, due.conversationId);
      if (conversation?.mode !== 'bot' || (await pendingInbox(tx, due.conversationId)).length > 0) return undefined;
      if (!(await this.#options.mayRemind(tx, conversation))) return undefined;
      const storage = new StateStorage(tx, now, newId);
      const key = stateKey(conversation.channel, conversation.id);
      const stored = (await storage.read([key]))[key] as { eTag: string } | undefined;
      if (!stored) return undefined;
      const state = dialogueStateSchema.parse(stored);
      const said = await this.#said(tx, due, conversation, state);
      await storage.write({ [key]: { ...said.state, eTag: stored.eTag } });
      return (await log.append(tx, conversation, said.activities)).at(-1)?.seq;
    });
    if (seq !== undefined) log.announce(due.conversationId, seq);
  }

  async #said(tx: Db, due: Reminder, conversation: Conversation, before: DialogueState) {
    const { patterns, bot, now, capabilitiesOf } = this.#options;
    const texts = wordedTexts(patterns, before.spoken === 'en' ? 'en' : conversation.locale);
    const speak = (draft: Draft) =>
      draft.text === ''
        ? []
        : render([draft], { capabilities: capabilitiesOf(conversation.channel), bot, texts }).map((activity) =>
            before.script === 'hant' ? inTraditional(activity) : activity,
          );
    if (due.kind === 'remind') {
      await setReminder(tx, { conversationId: conversation.id, kind: 'end', dueAt: now() + patterns.idle.endMinutes * minute });
      return { state: before, activities: speak(say(texts.idleReminder)) };
    }
    const asks = !before.ratingAsked && !(await ratingSettled(tx, conversation.id));
    const ended = paused(before, before.lastAt ?? now());
    return {
      state: { ...ended, options: [], ratingAsked: before.ratingAsked || asks },
      activities: [...speak(say(before.flow ? texts.idleEnd : texts.smallTalk.goodbye)), ...(asks ? [ratingRequest(bot)] : [])],
    };
  }
}
