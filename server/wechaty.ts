/** Wires the wechaty channel to the house, and shows its login code in the terminal and to the desk. */
import type { Logger } from 'pino';
import { lastActivities } from '../bot/store/activities.ts';
import { findConversation } from '../bot/store/conversations.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { saveWechatyLogin } from '../bot/store/wechaty-login.ts';
import { loadWechaty } from '../channels/wechaty/load.ts';
import { createWechaty, type WechatyChannel, type WechatyStatus } from '../channels/wechaty/wechaty.ts';
import type { Config } from './config.ts';
import type { House } from './house.ts';
import { newId } from './ids.ts';
import { drawQrCode } from './qr-code.ts';

/** Off without a puppet. `print` writes to the operator's terminal; `load` makes the bot. */
export function bindWechaty(
  config: Config,
  logger: Logger,
  house: () => House,
  { print = (text: string): void => void process.stderr.write(text), load = loadWechaty, gapMs = undefined as number | undefined } = {},
): WechatyChannel | undefined {
  const { wechaty } = config;
  if (!wechaty) return undefined;
  const db = () => house().database.db;
  return createWechaty({
    make: () => load(wechaty.puppet, wechaty.token),
    core: () => house().core,
    profileOf: async (id) => (await findConversation(db(), id))?.profile,
    recent: (id, count) => lastActivities(db(), id, count),
    conversationKey: () => settingOrCreate(db(), 'wechaty.conversation_key', () => newId() + newId()),
    onStatus: async ({ state, qrcode }: WechatyStatus) => {
      const drawn = qrcode === undefined ? undefined : await drawQrCode(qrcode);
      if (qrcode !== undefined) print(`${drawn?.terminal ?? ''}用微信扫一扫登录 scan to log the assistant in\n${qrcode}\n`);
      await saveWechatyLogin(db(), { state, qrcode: qrcode ?? null, image: drawn?.svg ?? null }, house().now());
    },
    log: logger,
    ...(gapMs === undefined ? {} : { gapMs }),
  });
}
