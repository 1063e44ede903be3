/** Webhooks for administrators: which systems are told what, what did not arrive, and sending it again. Secrets are shown once. */
import { z } from 'zod';
import { deliveryCounts, listDeliveries, reviveDelivery, type WebhookDelivery } from '../../bot/store/webhook-deliveries.ts';
import { findWebhook, listWebhooks, removeWebhook, switchWebhook, type Webhook, webhookKinds } from '../../bot/store/webhooks.ts';
import { createWebhook, rotateSecret, UnsealedError, type WebhookTools, webhookRequestSchema } from '../../bot/webhooks/subscriptions.ts';
import { actionNames } from '../../bot/work-orders/decide.ts';
import { workOrderActions } from '../../bot/work-orders/order.ts';
import { ApiError } from './errors.ts';
import { type Route, route } from './route.ts';

const admins = ['admin'] as const;
const time = z.iso.datetime();

const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  kinds: z.array(z.enum(webhookKinds)),
  department: z.string().nullable(),
  fields: z.enum(['basic', 'matter']),
  state: z.enum(['on', 'off']),
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: time,
  /** While a secret is being exchanged: until when the old one signs along. */
  oldSecretUntil: time.nullable(),
  waiting: z.int(),
  arrived: z.int(),
  failed: z.int(),
});
export type WebhookView = z.infer<typeof webhookSchema>;

const deliverySchema = z.object({
  id: z.int(),
  eventId: z.string(),
  type: z.string(),
  /** `type` in Chinese, for screens. */
  name: z.string(),
  status: z.enum(['pending', 'sent', 'dead']),
  attempts: z.int(),
  code: z.int().nullable(),
  error: z.string().nullable(),
  createdAt: time,
  nextAt: time.nullable(),
  doneAt: time.nullable(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;

export interface WebhookAdmin {
  readonly tools: WebhookTools;
  /** One signed attempt now: the status that came back. Rejects when no answer came. */
  readonly probe: (hook: Webhook) => Promise<number>;
}

const iso = (at: number): string => new Date(at).toISOString();
const idParams = z.object({ id: z.string() });
const secretAnswer = z.object({ id: z.string(), secret: z.string() });
const noSuch = () => new ApiError(404, 'no_such_webhook', '没有这个推送');
const unknown = { 404: ['no_such_webhook'] };

/** Rethrows what an administrator can put right as an answer. */
const inWords = (error: unknown): never => {
  if (error instanceof UnsealedError) throw new ApiError(409, 'not_sealed', '数据库没有加密密钥，先设置 DATA_KEYS');
  throw error;
};

export function webhookRoutes({ tools, probe }: WebhookAdmin): Route[] {
  const { database, now } = tools;
  const found = async (id: string): Promise<Webhook> => {
    const hook = await findWebhook(database.db, id);
    if (hook === undefined) throw noSuch();
    return hook;
  };
  return [
    route(
      {
        method: 'get',
        path: '/admin/webhooks',
        summary: 'Systems that are told of demands, orders, follow-ups and ratings, and how many deliveries wait, arrived or were given up',
        roles: admins,
        response: z.array(webhookSchema),
      },
      async () => {
        const counts = await deliveryCounts(database.db);
        return (await listWebhooks(database.db)).map((hook) => view(hook, counts, now()));
      },
    ),
    route(
      {
        method: 'post',
        path: '/admin/webhooks',
        summary: 'Tell a system from now on; answers the secret its signatures are checked with, this once',
        roles: admins,
        body: webhookRequestSchema,
        response: secretAnswer,
        errors: { 409: ['not_sealed'] },
      },
      async ({ body, staff }) => {
        const { id, secret } = await createWebhook(tools, body, staff.name).catch(inWords);
        return { id, secret };
      },
    ),
    route(
      {
        method: 'delete',
        path: '/admin/webhooks/{id}',
        summary: 'Stop telling a system, and forget what it was not told yet',
        roles: admins,
        params: idParams,
        errors: unknown,
      },
      async ({ params }) => {
        if (!(await database.transaction((tx) => removeWebhook(tx, params.id)))) throw noSuch();
        return undefined;
      },
    ),
    route(
      {
        method: 'put',
        path: '/admin/webhooks/{id}/state',
        summary: 'Pause it or let it go on; what waits goes out then, what happens meanwhile is not told',
        roles: admins,
        params: idParams,
        body: z.object({ state: z.enum(['on', 'off']) }),
        errors: unknown,
      },
      async ({ params, body, staff }) => {
        const note = body.state === 'off' ? `${staff.name} 停用` : null;
        if (!(await switchWebhook(database.db, params.id, body.state, note))) throw noSuch();
        return undefined;
      },
    ),
    route(
      {
        method: 'post',
        path: '/admin/webhooks/{id}/rotate',
        summary: 'A new secret, shown this once; the old one signs along for a day',
        roles: admins,
        params: idParams,
        response: secretAnswer,
        errors: { ...unknown, 409: ['not_sealed'] },
      },
      async ({ params }) => {
        const secret = await rotateSecret(tools, params.id).catch(inWords);
        if (secret === undefined) throw noSuch();
        return { id: params.id, secret };
      },
    ),
    route(
      {
        method: 'post',
        path: '/admin/webhooks/{id}/test',
        summary: 'One signed attempt of the type `test`: the status that came back, or why none did',
        roles: admins,
        params: idParams,
        response: z.object({ code: z.int().nullable(), error: z.string().nullable() }),
        errors: unknown,
      },
      async ({ params }) => {
        const hook = await found(params.id);
        return probe(hook).then(
          (code) => ({ code, error: null }),
          (error: unknown) => ({ code: null, error: error instanceof Error ? error.message : String(error) }),
        );
      },
    ),
    route(
      {
        method: 'get',
        path: '/admin/webhooks/{id}/deliveries',
        summary: 'The log of deliveries, newest first; never their content',
        roles: admins,
        params: idParams,
        query: z.object({
          status: z.enum(['pending', 'sent', 'dead']).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: z.array(deliverySchema),
        errors: unknown,
      },
      async ({ params, query }) => {
        const { id } = await found(params.id);
        return (await listDeliveries(database.db, { webhookId: id, ...query })).map(deliveryView);
      },
    ),
    route(
      {
        method: 'post',
        path: '/admin/webhook-deliveries/{id}/resend',
        summary: 'Try again what was given up, under the same event id',
        roles: admins,
        params: z.object({ id: z.coerce.number().int().max(Number.MAX_SAFE_INTEGER) }),
        errors: { 409: ['not_given_up'] },
      },
      async ({ params }) => {
        if (!(await reviveDelivery(database.db, params.id, now()))) throw new ApiError(409, 'not_given_up', '只有发送失败的才能重发');
        return undefined;
      },
    ),
  ];
}

function view(hook: Webhook, counts: Awaited<ReturnType<typeof deliveryCounts>>, now: number): WebhookView {
  const { secrets, createdAt, ...rest } = hook;
  const until = secrets.find((one) => one.until !== undefined && one.until > now)?.until;
  const count = (status: WebhookDelivery['status']) => counts.find((one) => one.webhookId === hook.id && one.status === status)?.count ?? 0;
  return {
    ...rest,
    kinds: [...hook.kinds],
    createdAt: iso(createdAt),
    oldSecretUntil: until === undefined ? null : iso(until),
    waiting: count('pending'),
    arrived: count('sent'),
    failed: count('dead'),
  };
}

const otherNames: Readonly<Record<string, string>> = {
  'demand.noted': '新诉求',
  'follow_up.done': '回访结果',
  'rating.given': '评价',
  'rating.changed': '评价修改',
};

function nameOf(type: string): string {
  const action = workOrderActions.find((one) => type === `order.${one}`);
  return action ? `工单${actionNames[action]}` : (otherNames[type] ?? type);
}

function deliveryView({ id, eventId, type, status, attempts, code, error, createdAt, nextAt, doneAt }: WebhookDelivery): DeliveryView {
  return {
    id,
    eventId,
    type,
    name: nameOf(type),
    status,
    attempts,
    code,
    error,
    createdAt: iso(createdAt),
    nextAt: status === 'pending' ? iso(nextAt) : null,
    doneAt: doneAt === null ? null : iso(doneAt),
  };
}
