/** What became of messages to WeChat citizens, one more try for those that were given up, and the login of the wechaty account. */
import { z } from 'zod';
import { listWechatDeliveries, retryWechatDelivery, type WechatDelivery } from '../../bot/store/wechat-reports.ts';
import { findWechatyLogin } from '../../bot/store/wechaty-login.ts';
import { deliveryWords } from './delivery-words.ts';
import { ApiError } from './errors.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';

const most = 100;
const open = ['queued', 'sending', 'kept', 'failed'] as const;

export const deliverySchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  account: z.string(),
  text: z.string(),
  state: z.enum(['queued', 'sending', 'sent', 'kept', 'failed']),
  code: z.int().nullable(),
  /** Why it has not arrived. */
  means: z.string(),
  /** What happens next. */
  next: z.string(),
  retry: z.boolean(),
  updatedAt: z.iso.datetime(),
});
export const wechatyLoginSchema = z.object({
  state: z.enum(['off', 'starting', 'scan', 'online', 'offline']),
  qrcode: z.string().nullable(),
  /** The QR code as a data: address of an SVG. */
  image: z.string().nullable(),
});

const view = (delivery: WechatDelivery): z.infer<typeof deliverySchema> => ({
  id: delivery.activityId,
  conversationId: delivery.conversationId,
  account: delivery.account,
  text: delivery.text.slice(0, 80),
  state: delivery.state,
  code: delivery.code,
  ...deliveryWords(delivery),
  retry: delivery.state === 'failed',
  updatedAt: new Date(delivery.updatedAt).toISOString(),
});

/** Agents see what went to citizens who asked for a person; administrators see all. */
export function deliveryRoutes({ database, now }: Pick<DeskApiOptions, 'database' | 'now'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/deliveries',
        summary: 'WeChat messages that have not arrived, the newest first; all=true: also those that have',
        roles: agents,
        query: z.object({ all: z.enum(['true', 'false']).default('false') }),
        response: z.array(deliverySchema),
      },
      async ({ query: { all }, staff }) => {
        const filter = { ...(all === 'true' ? {} : { states: open }), handedOver: staff.role !== 'admin', limit: most };
        return (await listWechatDeliveries(database.db, filter)).map(view);
      },
    ),
    route(
      {
        method: 'post',
        path: '/deliveries/{id}/retry',
        summary: 'One more try for a message that was given up',
        roles: agents,
        params: z.object({ id: z.string().min(1).max(256) }),
        errors: { 409: ['not_failed'] },
      },
      async ({ params: { id }, staff }) => {
        const filter = { activityId: id, handedOver: staff.role !== 'admin', limit: 1 };
        const known = (await listWechatDeliveries(database.db, filter)).length > 0;
        if (!known || !(await database.transaction((tx) => retryWechatDelivery(tx, id, now()))))
          throw new ApiError(409, 'not_failed', '这条消息不需要重发，或者不归您处理');
        return undefined;
      },
    ),
    route(
      { method: 'get', path: '/wechaty', summary: 'The login of the wechaty account', roles: ['admin'], response: wechatyLoginSchema },
      async () => {
        const login = await findWechatyLogin(database.db);
        if (!login) return { state: 'off' as const, qrcode: null, image: null };
        const image = login.image === null ? null : `data:image/svg+xml;base64,${Buffer.from(login.image).toString('base64')}`;
        return { state: login.state, qrcode: login.qrcode, image };
      },
    ),
  ];
}
