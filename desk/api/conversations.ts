/** The routes of one conversation at the desk. */
import express, { type Request, type Router } from 'express';
import { wasHandedOver } from '../../bot/handoff/queue.ts';
import { type Conversation, findConversation } from '../../bot/store/conversations.ts';
import { openHandoffOf } from '../../bot/store/handoffs.ts';
import { ApiError, parse } from './errors.ts';
import { staffOf } from './guards.ts';
import type { DeskApiOptions } from './router.ts';
import { activitiesQuerySchema, closeSchema, conversationIdSchema, saySchema, transferSchema } from './schemas.ts';
import { handoffView } from './views.ts';

const notYours = () => new ApiError(409, 'not_yours', '这个对话现在不在您手里，不能操作');

/** Mounted at `/conversations` behind a check for agents: `:id`, claim, activities, typing, release, transfer, close. */
export function conversationRoutes(options: DeskApiOptions): Router {
  const { desk, database, log } = options;
  const router = express.Router();

  /** The conversation of the path, if staff may see it. */
  const conversationOf = async (request: Request): Promise<Conversation> => {
    const id = parse(conversationIdSchema, request.params.id);
    const conversation = await findConversation(database.db, id);
    if (conversation === undefined) throw new ApiError(404, 'unknown_conversation', '没有这个对话');
    if (!(await wasHandedOver(database.db, id))) throw new ApiError(403, 'not_handed_over', '市民没有要求人工服务，不能查看这个对话');
    return conversation;
  };

  router.get('/:id', async (request, response) => {
    const conversation = await conversationOf(request);
    const handoff = await openHandoffOf(database.db, conversation.id);
    const { id, channel, locale, mode, lastSeq, profile, createdAt } = conversation;
    response.json({
      conversationId: id,
      channel,
      locale,
      mode,
      lastSeq,
      profile,
      createdAt: new Date(createdAt).toISOString(),
      handoff: handoff === undefined ? null : handoffView(handoff),
    });
  });

  router.post('/:id/claim', async (request, response) => {
    const { id } = await conversationOf(request);
    const outcome = await desk.claim(id, staffOf(request).name);
    if (outcome === 'taken') throw new ApiError(409, 'taken', '这个对话已由其他同事接入');
    if (outcome === 'not_waiting') throw new ApiError(409, 'not_waiting', '这个对话已不在等候队列中');
    response.json({ status: outcome });
  });

  router.get('/:id/activities', async (request, response) => {
    const { watermark, limit } = parse(activitiesQuerySchema, request.query);
    const { id, lastSeq } = await conversationOf(request);
    const activities = await log.read(id, watermark, limit);
    const last = activities.at(-1)?.seq ?? watermark;
    response.json({ activities, watermark: String(last), more: last < lastSeq && activities.length === limit });
  });

  router.post('/:id/activities', async (request, response) => {
    const { text, messageId } = parse(saySchema, request.body);
    const { id } = await conversationOf(request);
    const said = await desk.say(id, staffOf(request).name, { text, messageId: messageId ?? options.newId() });
    if (said === 'not_yours') throw notYours();
    response.json({ id: said.activity.id, seq: said.activity.seq, duplicate: said.duplicate });
  });

  router.post('/:id/typing', async (request, response) => {
    const { id } = await conversationOf(request);
    if (!(await desk.typing(id, staffOf(request).name))) throw notYours();
    response.status(204).end();
  });

  router.post('/:id/release', async (request, response) => {
    const { id } = await conversationOf(request);
    if ((await desk.release(id, staffOf(request).name)) === 'not_yours') throw notYours();
    response.json({ status: 'released' });
  });

  router.post('/:id/transfer', async (request, response) => {
    const { skill, user, note } = parse(transferSchema, request.body);
    const { id } = await conversationOf(request);
    const target = user === undefined ? { skill: skill ?? 'general' } : { user };
    const outcome = await desk.transfer(id, staffOf(request).name, target, note);
    if (outcome === 'not_yours') throw notYours();
    if (outcome === 'same_agent') throw new ApiError(400, 'same_agent', '不能转给自己');
    if (outcome === 'unknown_agent') throw new ApiError(400, 'unknown_agent', '没有这位可以接待的同事');
    if (outcome === 'agent_offline') throw new ApiError(409, 'agent_offline', '这位同事现在不在线，请转给技能组或其他同事');
    response.json({ status: outcome });
  });

  router.post('/:id/close', async (request, response) => {
    const closing = parse(closeSchema, request.body);
    const { id } = await conversationOf(request);
    if ((await desk.close(id, staffOf(request).name, closing?.wrapUp)) === 'not_yours') throw notYours();
    response.json({ status: 'closed' });
  });

  return router;
}
