/** Setting up webhooks: what is asked for is checked, secrets are made, and a secret can be exchanged without a gap. */
import { z } from 'zod';
import type { OpenDatabase } from '../store/database.ts';
import { addWebhook, findWebhook, putWebhookSecrets, type Webhook, type WebhookSecret, webhookKinds } from '../store/webhooks.ts';
import { plainText } from '../work-orders/order.ts';

/** What somebody asks for. Where the address leads is checked at each delivery: a name may lead elsewhere tomorrow. */
export const webhookRequestSchema = z.object({
  url: z
    .url({ protocol: /^https$/, message: '地址要以 https:// 开头' })
    .max(500)
    .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).hash === ''), '地址里不能有账号和 #'),
  kinds: z
    .array(z.enum(webhookKinds))
    .min(1)
    .transform((kinds) => [...new Set(kinds)]),
  department: plainText(100).nullable().default(null),
  fields: z.enum(['basic', 'matter']).default('basic'),
});
export type WebhookRequest = z.input<typeof webhookRequestSchema>;

export interface WebhookTools {
  readonly database: OpenDatabase;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: (count: number) => Buffer;
}

/** As the Standard Webhooks specification writes it: the prefix, then 24 to 64 random bytes in base64. */
const newSecret = ({ randomBytes }: WebhookTools): string => `whsec_${randomBytes(32).toString('base64')}`;

/** The secret before the present one signs along so long. */
export const OLD_SECRET_MS = 24 * 3_600_000;

/** Secrets are kept in sealed columns only. */
export class UnsealedError extends Error {
  constructor() {
    super('webhooks have secrets, and this database seals nothing: set DATA_KEYS first');
  }
}

/** Sets up a webhook; its secret is told this once. Throws UnsealedError. */
export async function createWebhook(tools: WebhookTools, request: WebhookRequest, actor: string): Promise<Webhook & { secret: string }> {
  if (tools.database.sealing === undefined) throw new UnsealedError();
  const asked = webhookRequestSchema.parse(request);
  const secret = newSecret(tools);
  const hook: Webhook = {
    // Never begins like an option of the command line.
    id: `wh_${tools.newId()}`,
    ...asked,
    secrets: [{ secret }],
    state: 'on',
    note: null,
    createdBy: actor,
    createdAt: tools.now(),
  };
  await addWebhook(tools.database.db, hook);
  return { ...hook, secret };
}

/** Gives a webhook a new secret; the old one signs along for a day. Undefined: there is no such webhook. Throws UnsealedError. */
export async function rotateSecret(tools: WebhookTools, id: string): Promise<string | undefined> {
  if (tools.database.sealing === undefined) throw new UnsealedError();
  return tools.database.transaction(async (tx) => {
    const hook = await findWebhook(tx, id);
    if (hook === undefined) return undefined;
    const secret = newSecret(tools);
    const until = tools.now() + OLD_SECRET_MS;
    const [last] = hook.secrets;
    await putWebhookSecrets(tx, id, [{ secret }, ...(last ? [{ secret: last.secret, until }] : [])]);
    return secret;
  });
}

/** The secrets that sign now, the newest first. */
export function signingSecrets(secrets: readonly WebhookSecret[], now: number): string[] {
  return secrets.filter(({ until }) => until === undefined || until > now).map(({ secret }) => secret);
}
