/** The routes of one conversation at the desk: read, claim, answer, give back, pass on, close. */
import { z } from 'zod';
import { openHandoffOf } from '../../bot/store/handoffs.ts';
import { recordReplyDraft } from '../../bot/store/reply-drafts.ts';
import type { StaffRole } from '../../bot/store/staff.ts';
import { activitiesSchema, conversationSchema, saidSchema, statusSchema } from './answers.ts';
import { editDistance } from './edit-distance.ts';
import { ApiError } from './errors.ts';
import { looksAt } from './looks.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { activitiesQuerySchema, closeSchema, conversationIdSchema, saySchema, transferSchema } from './schemas.ts';
import type { SignedIn } from './sessions.ts';
import { handoffView } from './views.ts';
import { visibleConversation } from './visible.ts';

const notYours = () => new ApiError(409, 'not_yours', '这个对话现在不在您手里，不能操作');
const params = z.object({ id: conversationIdSchema });
const unknown = { 404: ['unknown_conversation'] };
const notMine = { ...unknown, 409: ['not_yours'] };

/** Every path begins with `/conversations/{id}`; only conversations that asked for a person may be seen, and who looks is written down. */
export function conversationRoutes(
  options: Pick<DeskApiOptions, 'desk' | 'database' | 'log' | 'newId' | 'now'>,
  roles: readonly StaffRole[],
): Route[] {
  const { desk, database, log } = options;

  const looks = looksAt(options);
  /** The conversation of the path, if staff may see it; the access is written down. */
  const conversationOf = async (id: string, staff: SignedIn, action: string) => {
    const conversation = await visibleConversation(database.db, id, staff);
    await looks(staff.name, action, id);
    return conversation;
  };
  const at = (path: string) => ({ path: `/conversations/{id}${path}`, roles, params });

  return [
    route(
      { method: 'get', ...at(''), summary: 'A conversation and its open handoff', response: conversationSchema, errors: unknown },
      async (call) => {
        const conversation = await conversationOf(call.params.id, call.staff, 'read');
        const handoff = await openHandoffOf(database.db, conversation.id);
        const { id, channel, locale, mode, lastSeq, profile, createdAt } = conversation;
        return {
          conversationId: id,
          channel,
          locale,
          mode,
          lastSeq,
          profile,
          createdAt: new Date(createdAt).toISOString(),
          handoff: handoff === undefined ? null : handoffView(handoff),
        };
      },
    ),
    route(
      {
        method: 'post',
        ...at('/claim'),
        summary: 'Take a waiting conversation, or accept one a colleague offers; exactly one wins',
        response: statusSchema,
        errors: { ...unknown, 409: ['taken', 'not_waiting'] },
      },
      async ({ params, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'claim');
        const outcome = await desk.claim(id, staff.name);
        if (outcome === 'taken') throw new ApiError(409, 'taken', '这个对话已由其他同事接入');
        if (outcome === 'not_waiting') throw new ApiError(409, 'not_waiting', '这个对话已不在等候队列中');
        return { status: outcome };
      },
    ),
    route(
      {
        method: 'get',
        ...at('/activities'),
        summary: 'What was said after the watermark',
        query: activitiesQuerySchema,
        response: activitiesSchema,
        errors: unknown,
      },
      async ({ params, query: { watermark, limit }, staff }) => {
        const { id, lastSeq } = await conversationOf(params.id, staff, 'read');
        const activities = await log.read(id, watermark, limit);
        const last = activities.at(-1)?.seq ?? watermark;
        return { activities, watermark: String(last), more: last < lastSeq && activities.length === limit };
      },
    ),
    route(
      {
        method: 'post',
        ...at('/activities'),
        summary: 'Answer the citizen; the same messageId says nothing twice',
        body: saySchema,
        response: saidSchema,
        errors: notMine,
      },
      async ({ params, body: { text, messageId, draft }, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'say');
        const said = await desk.say(id, staff.name, { text, messageId: messageId ?? options.newId() });
        if (said === 'not_yours') throw notYours();
        if (draft && !said.duplicate) {
          const lengths = { draftLength: [...draft.text].length, sentLength: [...text].length };
          const sent = { activityId: said.activity.id, conversationId: id, staff: staff.name, itemId: draft.itemId, ...lengths };
          await recordReplyDraft(database.db, { ...sent, distance: editDistance(draft.text, text) }, options.now());
        }
        return { id: said.activity.id, seq: said.activity.seq, duplicate: said.duplicate };
      },
    ),
    route(
      { method: 'post', ...at('/typing'), summary: 'The citizen sees that somebody is typing', errors: notMine },
      async ({ params, staff }) => {
        const { id } = await visibleConversation(database.db, params.id, staff);
        if (!(await desk.typing(id, staff.name))) throw notYours();
        return undefined;
      },
    ),
    route(
      { method: 'post', ...at('/release'), summary: 'Give the conversation back to the bot', response: statusSchema, errors: notMine },
      async ({ params, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'release');
        if ((await desk.release(id, staff.name)) === 'not_yours') throw notYours();
        return { status: 'released' };
      },
    ),
    route(
      {
        method: 'post',
        ...at('/transfer'),
        summary: 'Pass on to a skill group or offer to a colleague; until somebody accepts it stays mine',
        body: transferSchema,
        response: statusSchema,
        errors: { ...unknown, 409: ['not_yours', 'agent_offline'] },
      },
      async ({ params, body: { skill, user, note }, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'transfer');
        const target = user === undefined ? { skill: skill ?? 'general' } : { user };
        const outcome = await desk.transfer(id, staff.name, target, note);
        if (outcome === 'not_yours') throw notYours();
        if (outcome === 'same_agent') throw new ApiError(400, 'same_agent', '不能转给自己');
        if (outcome === 'unknown_agent') throw new ApiError(400, 'unknown_agent', '没有这位可以接待的同事');
        if (outcome === 'agent_offline') throw new ApiError(409, 'agent_offline', '这位同事现在不在线，请转给技能组或其他同事');
        return { status: outcome };
      },
    ),
    route(
      {
        method: 'post',
        ...at('/decline'),
        summary: 'Say no to an offered conversation, or take the offer back',
        response: statusSchema,
        errors: { ...unknown, 409: ['not_offered'] },
      },
      async ({ params, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'decline');
        const outcome = await desk.decline(id, staff.name);
        if (outcome === 'not_offered') throw new ApiError(409, 'not_offered', '这个对话没有在等人接手');
        return { status: outcome };
      },
    ),
    route(
      {
        method: 'post',
        ...at('/close'),
        summary: 'End the service and ask for the rating',
        body: closeSchema,
        response: statusSchema,
        errors: notMine,
      },
      async ({ params, body, staff }) => {
        const { id } = await conversationOf(params.id, staff, 'close');
        if ((await desk.close(id, staff.name, body?.wrapUp)) === 'not_yours') throw notYours();
        return { status: 'closed' };
      },
    ),
  ];
}
