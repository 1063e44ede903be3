/** The citizen goes back to the bot, from the queue or from an agent. */
import type { Activity, ChannelAccount } from '../activity.ts';
import type { Db } from '../store/database.ts';
import { type Handoff, updateHandoff } from '../store/handoffs.ts';
import { notice, statusEvent } from './events.ts';
import type { HandoffWords } from './words.ts';

const back =
  /^(我)?(不|不用|不要|不想)(再)?(等|排队?|转|找|要)?(人工|真人|客服)(服务|客服)?(了|吧)?$|^(我)?不(想)?(再)?(等|排|排队)(人工)?了$|^(取消|退出|结束|关闭)(一下)?(人工|排队|转人工|人工服务|人工客服)(服务|客服)?(了|吧)?$|^(转|回|回到|返回|切回|转回|换回)(智能|机器人|助手|机器|智能助手|智能客服|机器人客服|小助手|你)(吧|客服|助手)?$|^(back to (the )?(bot|assistant)|cancel (the )?(human|queue)|no human)$/iu;

/** Whether the citizen says that they would rather have the bot again: 不用人工了, 取消排队, 回到机器人. */
export function wantsBotBack(text: string): boolean {
  return back.test(
    text
      .normalize('NFKC')
      .trim()
      .replace(/[。！!,，~～\s]+$/u, ''),
  );
}

/** Ends the open handoff inside `tx` and returns what to append; the caller sets the mode to `bot` and moves the queue after the commit. */
export async function leaveHandoff(
  tx: Db,
  handoff: Handoff,
  {
    assistant,
    words,
    now,
    why = '市民选择回到智能助手',
  }: { assistant: ChannelAccount; words: HandoffWords; now: number; why?: string | undefined },
): Promise<Activity[]> {
  await updateHandoff(tx, handoff.id, { status: 'released', closedAt: now, note: handoff.note ?? why });
  return [statusEvent(assistant, { state: 'released', message: words.left }), notice(assistant, words.left)];
}
