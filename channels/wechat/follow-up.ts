/** Tells a citizen by a template or subscription message that an answer waits, where customer-service messages are not allowed any more. */
import type { LoggedActivity } from '../../bot/activity.ts';
import type { WechatAccount } from './accounts.ts';
import type { WechatApi } from './api/api.ts';
import { plainWords } from './render/text.ts';

/** `thing` fields take 20 characters and no line breaks. Source: page 小程序订阅消息, error 47003. */
const summaryLength = 20;

const paths = {
  'official-account': { template: '/cgi-bin/message/template/send', subscribe: '/cgi-bin/message/subscribe/bizsend' },
  'mini-program': { template: '/cgi-bin/message/subscribe/send', subscribe: '/cgi-bin/message/subscribe/send' },
} as const;

/** Sends it; gives the platform's id of it, by which the outcome is reported. Rejects like every call. Undefined: the account has none configured. */
export async function sendFollowUp(
  api: WechatApi,
  account: WechatAccount,
  openid: string,
  activity: LoggedActivity,
  now: number,
): Promise<string | undefined> {
  const { followUp, kind } = account;
  if (!followUp) return undefined;
  const time = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
  const data = Object.fromEntries(
    Object.entries(followUp.fields).map(([field, pattern]) => [
      field,
      { value: pattern.replaceAll('{summary}', summary(activity)).replaceAll('{time}', time) },
    ]),
  );
  const page = followUp.page ? { [kind === 'official-account' && followUp.kind === 'template' ? 'url' : 'page']: followUp.page } : {};
  const answer = await api.call(account, paths[kind][followUp.kind], { touser: openid, template_id: followUp.templateId, ...page, data });
  return String(answer.msgid ?? '');
}

function summary(activity: LoggedActivity): string {
  const words = plainWords(activity)
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...(words === '' ? '您的咨询有了答复' : words)];
  return characters.length > summaryLength ? `${characters.slice(0, summaryLength - 1).join('')}…` : characters.join('');
}
