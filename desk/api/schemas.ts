/** What the desk's clients may send. */
import { z } from 'zod';
import { MAX_TEXT_LENGTH } from '../../bot/activity.ts';

const noNul = (value: string): boolean => !value.includes('\u0000');

/** A bounded line of text with Chinese messages. */
export function line(label: string, max: number) {
  return z
    .string(`${label}应当是文字`)
    .trim()
    .min(1, `${label}不能为空`)
    .max(max, `${label}不超过 ${max} 个字`)
    .refine(noNul, `${label}里有不能识别的字符`);
}
export const optionalLine = (label: string, max: number) =>
  z.string(`${label}应当是文字`).trim().max(max, `${label}不超过 ${max} 个字`).refine(noNul, `${label}里有不能识别的字符`);

export const body = { error: '请求内容应当是 JSON 对象' };

export const loginSchema = z.object(
  {
    name: line('用户名', 64),
    password: z.string('密码应当是文字').min(1, '密码不能为空').max(256, '密码不超过 256 个字'),
  },
  body,
);
export const conversationIdSchema = line('对话编号', 256);
/** Made by the client; sending it again sends nothing twice. */
export const messageIdSchema = z.string().regex(/^[\w-]{1,64}$/, '只能由字母、数字、_ 和 - 组成，不超过 64 个');
/** What the desk puts where a canned reply's variable has no value: nobody may send it by accident. */
export const UNFILLED = '【请填：';
export const saySchema = z.object(
  {
    text: line('消息', MAX_TEXT_LENGTH).refine((text) => !text.includes(UNFILLED), '还有“【请填：…】”没有填写，填好再发'),
    messageId: messageIdSchema.optional(),
    /** The draft this message was made from: how far they are apart is logged. */
    draft: z.object({ text: line('草稿', MAX_TEXT_LENGTH), itemId: line('条目', 256).nullable() }).optional(),
  },
  body,
);
export const transferSchema = z
  .object({ skill: line('技能组', 40).optional(), user: line('同事', 64).optional(), note: optionalLine('备注', 500).default('') }, body)
  .refine((value) => (value.skill === undefined) !== (value.user === undefined), '请在 skill（技能组）和 user（同事）中选一个');
export const closeSchema = z.object({ wrapUp: optionalLine('小结', 1000).optional() }, body).optional();
export const activitiesQuerySchema = z.object({
  watermark: z
    .string()
    .regex(/^\d{1,15}$/, '应当是数字')
    .transform(Number)
    .default(0),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, '应当是 1–200')
    .transform(Number)
    .refine((value) => value >= 1 && value <= 200, '应当是 1–200')
    .default(200),
});
export const lookUpQuerySchema = z.object({ q: line('问题', 300) });
export const writeNoteSchema = z.object({ text: line('备注', 1000) }, body);
export const takeOverSchema = z.object({ note: optionalLine('说明', 500).default('') }, body);
const letters = z
  .string('快捷字母应当是文字')
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]{0,12}$/, '快捷字母只能是不超过 12 个字母或数字');
export const cannedReplySchema = z.object(
  { title: line('标题', 20), text: line('内容', 1000), shortcut: letters.default(''), shared: z.boolean('shared 应当是 true 或 false') },
  body,
);
export const shownNameSchema = z.object({ name: line('名字', 12).nullable() }, body);
/** `filename` of what an agent sends, and the message it belongs to. */
export const sendFileQuerySchema = z.object({ name: line('文件名', 200), messageId: messageIdSchema });
export const idSchema = z
  .string()
  .regex(/^\d{1,15}$/, '应当是数字')
  .transform(Number);
export const ratingsQuerySchema = z.object({ conversationId: conversationIdSchema.optional() });
