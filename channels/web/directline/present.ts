/** A logged or live activity → what a Direct Line client receives. */
import type { Activity, LoggedActivity } from '../../../bot/activity.ts';
import type { Context } from './options.ts';
import { signedUploadPath, uploadIdOf } from './uploads/link.ts';

/** Makes uploaded files of an activity reachable for a browser that sends no Authorization header with an image. */
function withFileLinks(context: Context, base: string, activity: Activity): Activity {
  if (!activity.attachments) return activity;
  const attachments = activity.attachments.map((attachment) => {
    const id = attachment.contentUrl === undefined ? undefined : uploadIdOf(attachment.contentUrl);
    return id === undefined ? attachment : { ...attachment, contentUrl: base + signedUploadPath(context.signingKey, id, context.now()) };
  });
  return { ...activity, attachments };
}

/**
 * The activities of a client, in order. `base` is the public address of this server, see DirectLineOptions.publicUrl.
 * Who joined is between channel and bot: as in Microsoft's Direct Line, clients get no conversationUpdate.
 */
export function presentLogged(context: Context, base: string, logged: readonly LoggedActivity[]): Activity[] {
  return logged
    .filter(({ type }) => type !== 'conversationUpdate')
    .map(({ seq, ...activity }) => withFileLinks(context, base, { channelId: 'directline', ...activity }));
}

/** Live activities get the id and time that clients expect of every activity; Web Chat drops streams without them. */
export function presentTransient(context: Context, base: string, conversationId: string, activity: Activity): Activity {
  const filled = {
    channelId: 'directline',
    id: `${conversationId}|live-${context.newId()}`,
    timestamp: new Date(context.now()).toISOString(),
    conversation: { id: conversationId },
    ...activity,
  };
  return withFileLinks(context, base, filled);
}
