/** Wires the wechaty channel to the house. */
import type { Logger } from 'pino';
import { lastActivities } from '../bot/store/activities.ts';
import { findConversation } from '../bot/store/conversations.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { loadWechaty } from '../channels/wechaty/load.ts';
import { createWechaty, type WechatyChannel } from '../channels/wechaty/wechaty.ts';
import type { Config } from './config.ts';
import { type House, newId } from './house.ts';

/** Off without a puppet. */
export function bindWechaty(config: Config, logger: Logger, house: () => House): WechatyChannel | undefined {
  const { wechaty } = config;
  if (!wechaty) return undefined;
  const db = () => house().database.db;
  return createWechaty({
    make: () => loadWechaty(wechaty.puppet, wechaty.token),
    core: () => house().core,
    profileOf: async (id) => (await findConversation(db(), id))?.profile,
    recent: (id, count) => lastActivities(db(), id, count),
    conversationKey: () => settingOrCreate(db(), 'wechaty.conversation_key', () => newId() + newId()),
    log: logger,
  });
}
