/** What the agent reads before saying hello: made from the log by rule, so nothing in it can be invented. */
import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { cancels } from '../understand/phrases.ts';

/** The guided flow a conversation is in, in words a person reads. */
export interface OpenFlow {
  readonly name: string;
  readonly slots: readonly { readonly label: string; readonly value: string }[];
}

const citationsSchema = z.object({
  type: z.literal('https://schema.org/Message'),
  citation: z.array(z.object({ appearance: z.object({ name: z.string() }) })),
});

/** Ways of asking for a person: the matter is what was said before them. */
const asksForPerson = /^(我要|我想|帮我|请|麻烦|给我)*(转|找|接|要)?(一下)?(人工|真人|客服|座席|坐席)(客服|服务)?(吧|谢谢)?[。！!,，\s]*$/u;

/** Thanks, greetings, yes, no, numbers: no matter of their own. */
const courtesy = /^(谢谢|多谢|感谢|你好|您好|在吗|好的?|嗯+|是的?|对|不是|没有|ok|[\d\s]+)[您你了啊哦呀。！!,，\s]*$/iu;

/**
 * Summary in lines `标签：内容`: the matter, the guides the bot cited, what the open flow has gathered, the last messages.
 * Input: the conversation's activities, ascending, and the open flow if there is one.
 */
export function summarise(activities: readonly Activity[], flow?: OpenFlow): string {
  const messages = activities.filter((activity) => activity.type === 'message' && (activity.text ?? '').trim() !== '');
  const matter = lastQuestion(activities);
  const lines = [`诉求：${matter ?? '没有说明，请先询问'}`];
  const cited = citedTitles(activities);
  if (cited.length > 0) lines.push(`助手已提供：${cited.map((title) => `《${title}》`).join('')}`);
  if (flow !== undefined) {
    const slots = flow.slots.map((slot) => `${slot.label}：${oneLine(slot.value, 60)}`).join('；');
    lines.push(`正在办：${flow.name}${slots === '' ? '' : `（${slots}）`}`);
  }
  const recent = messages.slice(-4).map((activity) => {
    const who = activity.from.role === 'bot' ? '助手' : '市民';
    return `${who}：${oneLine(activity.text ?? '', 80)}`;
  });
  if (recent.length > 0) lines.push('最近对话：', ...recent);
  return lines.join('\n');
}

/** What the citizen wants: the first line of a summary without its label. */
export const matterOf = (summary: string): string => (summary.split('\n')[0] ?? '').replace(/^诉求：/, '');

/** The last thing a citizen said that is a matter: no thanks, no numbers, no asking for a person, no filled-in form. */
export function lastQuestion(activities: readonly Activity[]): string | undefined {
  const said = activities.filter(({ type, from, value }) => type === 'message' && from.role !== 'bot' && !isForm(value));
  return said
    .map(({ text = '' }) => oneLine(text, 200))
    .findLast((text) => text !== '' && !asksForPerson.test(text) && !cancels(text) && !courtesy.test(text));
}

/** What happened before the citizen asked for a person. */
export interface Before {
  readonly reason: string;
  /** Turns that were answered, and turns that were not. */
  readonly answered: number;
  readonly unanswered: number;
}

/** The summary with what the bot tried and how the citizen feels, where there is something to say: two lines after the matter. */
export function withBefore(summary: string, { reason, answered, unanswered }: Before): string {
  const [matter = '', ...rest] = summary.split('\n');
  const tried = answered + unanswered === 0 ? [] : [`助手尝试：答复 ${answered} 次${unanswered > 0 ? `，没有答上 ${unanswered} 次` : ''}`];
  const mood = reason === 'angry' ? ['情绪：着急或不满，请先安抚再办事'] : [];
  return [matter, ...mood, ...tried, ...rest].join('\n');
}

/** A submitted form holds answers, not the matter. */
function isForm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'wenbanForm' in value;
}

/** Titles of the sources the bot cited, newest first, each once, at most five. */
function citedTitles(activities: readonly Activity[]): string[] {
  const titles = new Set<string>();
  for (const activity of activities.toReversed()) {
    for (const entity of activity.entities ?? []) {
      const parsed = citationsSchema.safeParse(entity);
      if (parsed.success)
        for (const claim of parsed.data.citation) titles.add(claim.appearance.name.split(' · ')[0] ?? claim.appearance.name);
    }
  }
  return [...titles].slice(0, 5);
}

function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const characters = [...line];
  return characters.length > max ? `${characters.slice(0, max).join('')}…` : line;
}
