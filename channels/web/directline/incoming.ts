/** A client's JSON → an activity the core accepts, said by the person the token names. */
import { type Attachment, type IncomingActivity, incomingActivitySchema } from '../../../bot/activity.ts';
import { badArgument } from './errors.ts';
import { jsonProblem } from './plain-json.ts';

export interface ParsedActivity {
  readonly activity: IncomingActivity;
  /** The client's own id of the activity: a retried POST carries the same one. */
  readonly clientId: string | undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Validates a posted activity. `userId` (from the token) replaces `from.id`; without it (server-to-server) the client's own stands,
 * else `fallbackUserId`. The role is always `user` and the id always ours: a client can't speak as the bot or choose log ids.
 * Throws DirectLineError 400 naming the field.
 */
export function parseActivity(body: unknown, userId: string | undefined, fallbackUserId: string): ParsedActivity {
  if (!isRecord(body)) throw badArgument('body: must be one JSON activity, sent as application/json');
  const problem = jsonProblem(body);
  if (problem) throw badArgument(problem);
  const from = isRecord(body.from) ? body.from : {};
  const name = typeof from.name === 'string' && from.name !== '' ? { name: from.name } : {};
  const fromId = userId ?? (typeof from.id === 'string' && from.id !== '' ? from.id : fallbackUserId);
  const parsed = incomingActivitySchema.safeParse({ ...body, from: { id: fromId, role: 'user', ...name } });
  if (!parsed.success) {
    throw badArgument(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'activity'}: ${issue.message}`).join('; '));
  }
  const { id, ...activity } = parsed.data;
  const clientActivityId = activity.channelData?.clientActivityID;
  const clientId = typeof clientActivityId === 'string' && clientActivityId.length <= 256 ? clientActivityId : id;
  return { activity, clientId: clientId === '' ? undefined : clientId };
}

/** Throws 400 for a message that says nothing at all. */
export function requireContent({ type, text, value, attachments }: IncomingActivity): void {
  if (type !== 'message' || text || value !== undefined || (attachments?.length ?? 0) > 0) return;
  throw badArgument('text: a message needs text, a value or an attachment');
}

/**
 * Puts uploaded files into an activity. Clients list them beforehand by name (botframework-directlinejs does, with thumbnails we
 * don't keep); the order of that list stays, files it does not name follow.
 */
export function withUploads(activity: IncomingActivity, names: readonly string[], files: readonly Attachment[]): IncomingActivity {
  const place = (file: Attachment): number => {
    const index = names.indexOf(file.name ?? '');
    return index === -1 ? names.length : index;
  };
  return { ...activity, attachments: [...files].sort((a, b) => place(a) - place(b)) };
}
