/** The menu under an official account's chat: a YAML file → what the platform takes. Limits: developers.weixin.qq.com, page 自定义菜单-创建接口. */
import { z } from 'zod';
import type { WechatAccount } from './accounts.ts';
import type { WechatApi } from './api/api.ts';

const bytes = (most: number) => (value: string) => Buffer.byteLength(value) <= most;
const name = (most: number) =>
  z
    .string()
    .min(1)
    .refine(bytes(most), `at most ${most} bytes, ${Math.floor(most / 3)} Chinese characters`);
const entry = (longest: number) =>
  z.union([
    /** Pressing it says these words for the citizen. */
    z.strictObject({ name: name(longest), say: z.string().min(1).refine(bytes(124), 'at most 124 bytes') }),
    z.strictObject({ name: name(longest), url: z.url({ protocol: /^https?$/ }).max(1024) }),
    z.strictObject({
      name: name(longest),
      miniprogram: z.strictObject({ appid: z.string().min(1), pagepath: z.string().min(1), url: z.url({ protocol: /^https?$/ }) }),
    }),
  ]);
type Entry = z.infer<ReturnType<typeof entry>>;

export const menuSchema = z.strictObject({
  buttons: z
    .array(z.union([entry(16), z.strictObject({ name: name(16), buttons: z.array(entry(60)).min(1).max(5) })]))
    .min(1)
    .max(3),
});
export type MenuFile = z.infer<typeof menuSchema>;

/** The body of menu/create. A key that begins with `say:` is what the citizen says, see incoming.ts. */
export function menuBody({ buttons }: MenuFile): object {
  return { button: buttons.map((one) => ('buttons' in one ? { name: one.name, sub_button: one.buttons.map(button) } : button(one))) };
}

function button(one: Entry): object {
  if ('say' in one) return { type: 'click', name: one.name, key: `say:${one.say}` };
  if ('url' in one) return { type: 'view', name: one.name, url: one.url };
  return { type: 'miniprogram', name: one.name, ...one.miniprogram };
}

/** Replaces the account's menu. Rejects like every call of the API. */
export async function pushMenu(api: WechatApi, account: WechatAccount, menu: MenuFile): Promise<void> {
  await api.call(account, '/cgi-bin/menu/create', menuBody(menu));
}
