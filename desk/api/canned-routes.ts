/** Canned replies: everybody's own, the shared ones kept by editors and supervisors, and the values of their variables. */
import { pinyin } from 'pinyin-pro';
import { z } from 'zod';
import {
  type CannedReply,
  cannedRepliesFor,
  countCannedReplies,
  deleteCannedReply,
  findCannedReply,
  putCannedReply,
  workOrderNumberOf,
} from '../../bot/store/canned-replies.ts';
import { shownNameOf } from '../../bot/store/staff-names.ts';
import { cannedReplyAnswerSchema, variablesSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { agents, editors, writers } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { cannedReplySchema, conversationIdSchema } from './schemas.ts';
import type { SignedIn } from './sessions.ts';
import { monthDay } from './views.ts';
import { visibleConversation } from './visible.ts';

/** Of one owner: a list that nobody can read any more helps nobody. */
const most = 200;
const params = z.object({ id: z.string().min(1).max(128) });
const errors = { 404: ['unknown_reply'], 409: ['too_many'] };

export function cannedRoutes({ database, now, newId, place }: Pick<DeskApiOptions, 'database' | 'now' | 'newId' | 'place'>): Route[] {
  const { db } = database;
  const keepsShared = ({ role }: SignedIn) => editors.includes(role);
  const mayChange = (staff: SignedIn, owner: string | null) => (owner === null ? keepsShared(staff) : owner === staff.name);
  const view = ({ id, title, text, shortcut, owner }: CannedReply, staff: SignedIn) => ({
    id,
    title,
    text,
    shortcut,
    initials: pinyin(title, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' }).join('').toLowerCase(),
    shared: owner === null,
    editable: mayChange(staff, owner),
  });
  const changeable = async (id: string, staff: SignedIn): Promise<CannedReply> => {
    const reply = await findCannedReply(db, id);
    // somebody else's own reply is as unknown as one that is not there
    if (reply === undefined || (reply.owner !== null && reply.owner !== staff.name))
      throw new ApiError(404, 'unknown_reply', '没有这条常用语');
    if (!mayChange(staff, reply.owner)) throw new ApiError(403, 'forbidden', '公共常用语由知识编辑和值班长维护');
    return reply;
  };
  return [
    route(
      {
        method: 'get',
        path: '/canned-replies',
        summary: 'Shared canned replies and my own',
        roles: writers,
        response: z.array(cannedReplyAnswerSchema),
      },
      async ({ staff }) => (await cannedRepliesFor(db, staff.name)).map((one) => view(one, staff)),
    ),
    route(
      {
        method: 'post',
        path: '/canned-replies',
        summary: 'Add a canned reply; shared ones are for editors and supervisors',
        roles: writers,
        body: cannedReplySchema,
        response: cannedReplyAnswerSchema,
        errors: { 409: ['too_many'] },
      },
      async ({ body: { shared, ...words }, staff }) => {
        const owner = shared ? null : staff.name;
        if (!mayChange(staff, owner)) throw new ApiError(403, 'forbidden', '公共常用语由知识编辑和值班长维护，您可以存为自己的常用语');
        if ((await countCannedReplies(db, owner)) >= most) throw new ApiError(409, 'too_many', `常用语最多 ${most} 条，请先删掉不用的`);
        const reply = { id: newId(), owner, ...words, updatedBy: staff.name, updatedAt: now() };
        await putCannedReply(db, reply);
        return view(reply, staff);
      },
    ),
    route(
      {
        method: 'put',
        path: '/canned-replies/{id}',
        summary: 'Change the words of a canned reply',
        roles: writers,
        params,
        body: cannedReplySchema,
        response: cannedReplyAnswerSchema,
        errors,
      },
      async ({ params: { id }, body: { title, text, shortcut }, staff }) => {
        const reply = { ...(await changeable(id, staff)), title, text, shortcut, updatedBy: staff.name, updatedAt: now() };
        await putCannedReply(db, reply);
        return view(reply, staff);
      },
    ),
    route(
      { method: 'delete', path: '/canned-replies/{id}', summary: 'Throw a canned reply away', roles: writers, params, errors },
      async ({ params: { id }, staff }) => {
        await deleteCannedReply(db, (await changeable(id, staff)).id);
        return undefined;
      },
    ),
    route(
      {
        method: 'get',
        path: '/conversations/{id}/variables',
        summary: 'Values of the variables of canned replies in this conversation; what is not known is left out',
        roles: agents,
        params: z.object({ id: conversationIdSchema }),
        response: variablesSchema,
        errors: { 404: ['unknown_conversation'] },
      },
      async ({ params: { id }, staff }) => {
        const { profile } = await visibleConversation(db, id, staff);
        const citizen = typeof profile.name === 'string' ? profile.name.trim() : '';
        const workOrder = await workOrderNumberOf(db, id);
        return {
          ...(citizen !== '' && { citizen }),
          agent: (await shownNameOf(db, staff.name)).shown,
          ...(place && { city: place.city, hotline: place.hotline }),
          ...(workOrder !== undefined && { workOrder }),
          today: monthDay(now()),
        };
      },
    ),
  ];
}
