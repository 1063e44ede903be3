/** Tells everybody who waits their place in the queue, and an estimate that has run out anew. */
import type { ChannelAccount } from '../activity.ts';
import type { ConversationLog } from '../log.ts';
import type { OpenDatabase } from '../store/database.ts';
import { waitingEvent } from './events.ts';
import { toldPlaces } from './logged-events.ts';
import { waitingPlaces } from './places.ts';
import { withConversations } from './queue.ts';
import { handoffWords } from './words.ts';

export interface PlaceTellerOptions {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly assistant: ChannelAccount;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** From so many citizens told at once on, the next telling waits: with 200 waiting, five seconds. */
const LONG_QUEUE = 20;
const REST_PER_CITIZEN_MS = 25;

export class PlaceTeller {
  readonly #options: PlaceTellerOptions;
  #telling: Promise<void> = Promise.resolve();
  #queued = false;
  /** Epoch milliseconds before which a long queue is not told again: every move changes all its places. */
  #againAt = 0;
  #later: NodeJS.Timeout | undefined;

  constructor(options: PlaceTellerOptions) {
    this.#options = options;
  }

  /** The queue moved. Resolves when everybody whose place changed is told, in a long queue told lately at once; never rejects. */
  moved(): Promise<void> {
    const pause = this.#againAt - this.#options.now();
    if (pause <= 0) return this.#tell();
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      void this.#tell();
    }, pause).unref();
    return Promise.resolve();
  }

  /** Begins nothing more by itself; resolves when what was begun is done. */
  stop(): Promise<void> {
    clearTimeout(this.#later);
    return this.#telling;
  }

  /** One telling at a time; whoever asks meanwhile is told by the next. */
  #tell(): Promise<void> {
    if (!this.#queued) {
      this.#queued = true;
      this.#telling = this.#telling.then(async () => {
        this.#queued = false;
        await this.#tellPlaces().catch((error: unknown) => this.#options.onError?.(error));
      });
    }
    return this.#telling;
  }

  async #tellPlaces(): Promise<void> {
    const { database, log, now } = this.#options;
    const announced = await database.transaction(async (tx) => {
      const places = await waitingPlaces(tx, now());
      const waiting = await withConversations(
        tx,
        places.map(({ handoff }) => handoff),
      );
      const channels = new Map(waiting.map(({ handoff, place }) => [handoff.id, place]));
      const told = await toldPlaces(
        tx,
        [...waiting].map(({ handoff }) => handoff.conversationId),
      );
      const grown: { id: string; seq: number }[] = [];
      for (const { handoff, place, minutes } of places) {
        const conversation = channels.get(handoff.id);
        if (conversation === undefined) continue;
        const last = told.get(handoff.conversationId);
        const ranOut = last?.minutes !== undefined && now() - last.at > last.minutes * 60_000;
        if (last?.position === place && !ranOut) continue;
        const words = handoffWords(handoff.language);
        const message = (last?.position === place ? words.longer : '') + words.waiting(place, minutes);
        const event = waitingEvent(this.#options.assistant, place, minutes, message);
        const logged = await log.append(tx, { id: handoff.conversationId, channel: conversation.channel }, [event]);
        grown.push({ id: handoff.conversationId, seq: logged.at(-1)?.seq ?? 0 });
      }
      return grown;
    });
    for (const { id, seq } of announced) log.announce(id, seq);
    this.#againAt = announced.length < LONG_QUEUE ? 0 : now() + announced.length * REST_PER_CITIZEN_MS;
  }
}
