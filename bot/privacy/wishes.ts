/** What a citizen may ask about their own data in plain words: a copy of it, or that it is deleted. Deleting is asked back once. */
import type { Conversation } from '../store/conversations.ts';
import type { OpenDatabase } from '../store/database.ts';
import { deletePerson } from './delete.ts';
import { heldOf } from './holds.ts';
import { findPerson } from './person.ts';
import { scrub } from './scrub.ts';

export interface WishTools {
  readonly database: OpenDatabase;
  readonly now: () => number;
  readonly newId: () => string;
  readonly hotline: string;
  /** Where this conversation's copy can be fetched for a while; undefined where the site has no address of its own. */
  readonly exportLink: (conversationId: string) => string | undefined;
  readonly removeUploads: (ids: readonly string[]) => Promise<void>;
}

export interface WishAnswer {
  readonly reason: 'export' | 'delete_asked' | 'delete_confirmed' | 'delete_held';
  readonly text: string;
  readonly buttons: readonly string[];
}

export const deleteWords = '删除我的数据';
export const exportWords = '导出我的数据';
const confirmWords = '确认删除我的数据';
const mine = '我的?(?:所有|全部)?(?:的)?(?:个人)?(?:数据|信息|资料|聊天记录|对话记录|记录)';
const wantsDelete = new RegExp(
  `^(?:请|麻烦|帮我|我要|我想)*(?:把)?(?:(?:删除|删掉|清除|清空|抹掉)${mine}|${mine}(?:都|全)?(?:删除|删掉|删了|清除|清空))(?:吧|了|掉)?[。！!]?$|^delete my data$`,
  'i',
);
const wantsExport = new RegExp(
  `^(?:请|麻烦|帮我|我要|我想)*(?:导出|下载|复制|拷贝|查看|看看)(?:一份)?${mine}[。！!]?$|^export my data$`,
  'i',
);
/** So long the last answer can still be read before it goes with the rest. */
const READ_MS = 60_000;

/** Answers a citizen who asks about their own data; undefined for everything else. */
export async function hearWish(
  tools: WishTools,
  conversation: Pick<Conversation, 'id' | 'channel'>,
  said: string,
): Promise<WishAnswer | undefined> {
  const text = said.trim();
  if (text === confirmWords) return confirm(tools, conversation);
  if (wantsDelete.test(text))
    return {
      reason: 'delete_asked',
      text: '可以。删除的是您在这里的全部对话、上传的文件、评价和已办结的工单，删了就找不回来。确定要删，请点“确认删除我的数据”。',
      buttons: [confirmWords, exportWords],
    };
  if (!wantsExport.test(text)) return undefined;
  const link = tools.exportLink(conversation.id);
  return {
    reason: 'export',
    text:
      link === undefined
        ? `我们保存的与您有关的内容，可以拨打 **${tools.hotline}** 申请一份副本。`
        : `这是我们保存的与您有关的全部内容，一小时内可以下载：${link} 。链接只给您本人用，请不要转发。`,
    buttons: [deleteWords],
  };
}

async function confirm(tools: WishTools, { id, channel }: Pick<Conversation, 'id' | 'channel'>): Promise<WishAnswer> {
  const { db } = tools.database;
  const person = await findPerson(db, { conversation: id });
  const held = person === undefined ? [] : await heldOf(db, person);
  if (held.length > 0)
    return {
      reason: 'delete_held',
      text: `您还有正在办理或依法要保留的事项（${held.filter((one) => one !== id).join('、') || '本次对话'}），办结以后再发“${deleteWords}”就能删除。有疑问请打 **${tools.hotline}**。`,
      buttons: [],
    };
  await db
    .insertInto('privacy_requests')
    .values({
      id: tools.newId(),
      kind: 'delete',
      subject: id,
      channel,
      actor: 'citizen',
      asked_at: tools.now(),
      done_at: null,
      counts_json: null,
    })
    .execute();
  return {
    reason: 'delete_confirmed',
    text: '好的，已经登记，几分钟内就会全部删除，这段对话也会一起消失。谢谢您的信任，以后有事随时来问。',
    buttons: [],
  };
}

/** Carries out what citizens have confirmed; answers how many. Safe in several processes: what is gone is gone. */
export async function fulfilWishes(tools: WishTools): Promise<number> {
  const { database, now } = tools;
  const waiting = await database.db
    .selectFrom('privacy_requests')
    .select(['id', 'subject', 'channel'])
    .where('kind', '=', 'delete')
    .where('done_at', 'is', null)
    .where('asked_at', '<=', now() - READ_MS)
    .orderBy('asked_at')
    .limit(20)
    .execute();
  for (const wish of waiting) {
    const person = await findPerson(database.db, { conversation: wish.subject });
    const done =
      person && (await deletePerson(database, person, { actor: 'citizen', channel: wish.channel, now: now(), newId: tools.newId }));
    // Something may have come to be held since it was asked for: the wish waits.
    if (done && !done.ok) continue;
    if (done) await tools.removeUploads(done.uploads);
    await database.db.deleteFrom('privacy_requests').where('id', '=', wish.id).execute();
  }
  if (waiting.length > 0) await scrub(database, now());
  return waiting.length;
}
