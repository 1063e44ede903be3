/** What became of messages to WeChat, and the login of the wechaty account. */
import type { z } from 'zod';
import type { deliverySchema, wechatyLoginSchema } from '../../api/deliveries.ts';
import type { Answer, DeskClient } from './client.ts';

export type Delivery = z.infer<typeof deliverySchema>;
export type WechatyLogin = z.infer<typeof wechatyLoginSchema>;

export const readDeliveries = (client: DeskClient): Promise<Answer<Delivery[]>> => client.get('/deliveries');

export const retryDelivery = (client: DeskClient, id: string): Promise<Answer<undefined>> =>
  client.post(`/deliveries/${encodeURIComponent(id)}/retry`);

/** For administrators. */
export const readWechatyLogin = (client: DeskClient): Promise<Answer<WechatyLogin>> => client.get('/wechaty');

/** `oa:hall` → 公众号 hall */
export function accountName(account: string): string {
  const [kind, id] = account.split(':');
  const name = kind === 'oa' ? '公众号' : kind === 'mp' ? '小程序' : account;
  return id === undefined || id === 'default' ? name : `${name} ${id}`;
}
