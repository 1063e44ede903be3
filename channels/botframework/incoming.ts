/** A Bot Framework activity as it is posted → what the core accepts. */
import { z } from 'zod';
import { type IncomingActivity, incomingActivitySchema } from '../../bot/activity.ts';
import { badArgument } from './errors.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Some channels write fields they have nothing for as null; to the schema they are absent. */
const withoutNulls = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)) : value), schema);

const id = z.string().min(1).max(512);
const word = z.string().max(256).optional();

export const accountSchema = withoutNulls(z.object({ id: z.string().min(1).max(256), name: word, role: word, aadObjectId: word }));
export const conversationSchema = withoutNulls(
  z.object({ id, name: word, isGroup: z.boolean().optional(), conversationType: word, tenantId: word, aadObjectId: word, role: word }),
);

/** What is needed of every activity, whatever its type; the rest is read by {@link whatWasSaid}. */
const activitySchema = withoutNulls(
  z.looseObject({
    type: z.string().min(1).max(64),
    id: id.optional(),
    channelId: z.string().min(1).max(64),
    serviceUrl: z.url({ protocol: /^https?$/ }).max(2048),
    conversation: conversationSchema,
    from: accountSchema,
    recipient: accountSchema,
    locale: z.string().max(35).optional(),
    membersAdded: z.array(accountSchema).max(1000).optional(),
    deliveryMode: word,
  }),
);
export type BotActivity = z.infer<typeof activitySchema>;

/** Deeper nesting than any card or form has. */
const deepest = 32;

/** What PostgreSQL can't store (NUL) or what would exhaust a stack later on, as a sentence with the path. */
function jsonProblem(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') ? `${path}: must not contain NUL` : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > deepest) return `${path.slice(0, 80)}: nested too deep`;
  for (const [key, child] of Object.entries(value)) {
    if (key.includes('\u0000')) return `${path}: a field name must not contain NUL`;
    const problem = jsonProblem(child, path === 'body' ? key : `${path}.${key}`, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

const sentence = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'activity'}: ${issue.message}`).join('; ');

/** Validates a posted body. Throws BotFrameworkError 400 naming the field. */
export function parseActivity(body: unknown): BotActivity {
  if (!isRecord(body)) throw badArgument('body: must be one JSON activity, sent as application/json');
  const problem = jsonProblem(body, 'body', 0);
  if (problem) throw badArgument(problem);
  const parsed = activitySchema.safeParse(body);
  if (!parsed.success) throw badArgument(sentence(parsed.error));
  return parsed.data;
}

const attachmentsSchema = z
  .array(withoutNulls(z.object({ contentType: z.string().max(128), contentUrl: z.string().optional(), name: word })))
  .max(10)
  .optional();

/**
 * A `message` or `event` for the core and the channel's id of it. Kept are text, value, name and files; the channel's own data is not:
 * nothing reads it and it may hold personal data. Throws BotFrameworkError 400.
 */
export function whatWasSaid(activity: BotActivity): { channelActivityId: string; said: IncomingActivity } {
  const { type, from, locale, text, value, name } = activity;
  if (activity.id === undefined) throw badArgument('id: a message or event needs the id the channel gave it');
  const files = attachmentsSchema.safeParse(activity.attachments);
  if (!files.success) throw badArgument(sentence(files.error).replaceAll('activity', 'attachments'));
  const parsed = incomingActivitySchema.safeParse({
    type,
    from: { id: from.id, role: 'user', ...(from.name ? { name: from.name } : {}) },
    ...(locale ? { locale } : {}),
    ...(type === 'event' ? { name } : { text: text === undefined || text === '' ? formText(value) : text }),
    value,
    attachments: files.data?.map((file) => ({
      contentType: file.contentType,
      ...(file.name ? { name: file.name } : {}),
      // Staff will open it: only what lies on the channel's own server, which the credentials vouch for.
      ...(sameOrigin(file.contentUrl, activity.serviceUrl) ? { contentUrl: file.contentUrl } : {}),
    })),
    channelData: { activityId: activity.id },
  });
  if (!parsed.success) throw badArgument(sentence(parsed.error));
  const said = parsed.data;
  if (said.type === 'message' && !said.text && said.value === undefined && (said.attachments?.length ?? 0) === 0)
    throw badArgument('text: a message needs text, a value or an attachment');
  return { channelActivityId: activity.id, said };
}

/** Adaptive Card clients submit values without words; whoever reads the log should see what was filled in. */
function formText(value: unknown): string | undefined {
  if (!isRecord(value) || !('wenbanForm' in value)) return undefined;
  const inputs = Object.entries(value).filter(
    ([key, input]) => key !== 'wenbanForm' && ['string', 'number', 'boolean'].includes(typeof input),
  );
  return inputs.map(([, input]) => String(input)).join('，');
}

function sameOrigin(url: string | undefined, serviceUrl: string): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).origin === new URL(serviceUrl).origin;
}
