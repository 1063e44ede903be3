/** A small real house for tests: SQLite in a temporary folder, the log, the desk, and citizens who ask for a person. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Activity, LoggedActivity } from '../../activity.ts';
import { ConversationLog } from '../../log.ts';
import { createConversation, findConversation } from '../../store/conversations.ts';
import { type OpenDatabase, openDatabase } from '../../store/database.ts';
import { HandoffDesk } from '../desk.ts';
import { type HandoffOpened, type HandoffRequest, requestHandoff } from '../request.ts';
import { summarise } from '../summary.ts';

export interface House {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly desk: HandoffDesk;
  /** The house's clock; move it at will. */
  readonly clock: { now: number };
  readonly newId: () => string;
  /** A citizen opens a conversation (channel `web`). */
  arrive(id: string, profile?: Record<string, unknown>, locale?: string): Promise<void>;
  /** Appends and announces one activity of the citizen or the bot. */
  append(id: string, activity: Activity): Promise<void>;
  /** The citizen says something. */
  says(id: string, text: string): Promise<void>;
  /** The citizen asks for a person, as the turn would do it. */
  asksForPerson(
    id: string,
    options?: Partial<Pick<HandoffRequest, 'reason' | 'skill' | 'urgency' | 'duty' | 'locale'>>,
  ): Promise<HandoffOpened>;
  logOf(id: string): Promise<LoggedActivity[]>;
  modeOf(id: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens a house; `realTime` lets its clock run instead of standing still, `given` is a database that stays open afterwards. */
export async function openHouse({ realTime = false, given }: { realTime?: boolean; given?: OpenDatabase } = {}): Promise<House> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wenban-desk-'));
  const database = given ?? (await openDatabase({ dataDir }));
  const clock = { now: Date.parse('2026-03-02T01:00:00Z') };
  const now = realTime ? Date.now : () => clock.now;
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const log = new ConversationLog({ database, now, pushChannels: new Set() });
  const raise = (error: unknown) => {
    throw error;
  };
  const desk = new HandoffDesk({ database, log, now, newId, onError: raise });

  const append = async (id: string, activity: Activity) => {
    const logged = await database.transaction((tx) => log.append(tx, { id, channel: 'web' }, [activity]));
    log.announce(id, logged.at(-1)?.seq ?? 0);
  };
  return {
    database,
    log,
    desk,
    clock,
    newId,
    append,
    arrive: async (id, profile, locale = 'zh-CN') => {
      await createConversation(database.db, { id, channel: 'web', userId: `citizen of ${id}`, locale, profile }, now());
    },
    says: (id, text) => append(id, { type: 'message', from: { id: 'citizen', role: 'user' }, text }),
    asksForPerson: async (id, options = {}) => {
      const activities = await log.read(id, 0);
      const { opened, seq } = await database.transaction(async (tx) => {
        const request = { reason: 'asked', skill: 'general', urgency: 'general' as const, ...options };
        const opened = await requestHandoff(tx, {
          ...request,
          conversationId: id,
          summary: summarise(activities),
          activities,
          newId,
          now: now(),
        });
        const logged = await log.append(tx, { id, channel: 'web' }, opened.activities);
        return { opened, seq: logged.at(-1)?.seq ?? 0 };
      });
      log.announce(id, seq);
      await desk.queueMoved();
      return opened;
    },
    logOf: (id) => log.read(id, 0),
    modeOf: async (id) => (await findConversation(database.db, id))?.mode,
    close: async () => {
      if (given === undefined) await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
