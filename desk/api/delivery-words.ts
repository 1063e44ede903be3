/** What an error code of WeChat means for a message, in words for staff. Codes: developers.weixin.qq.com, page 全局返回码. */
import type { WechatDelivery } from '../../bot/store/wechat-reports.ts';

const meanings: Readonly<Record<number, string>> = {
  [-1]: '微信平台繁忙',
  40001: '访问凭证无效：请核对 AppSecret',
  40003: '找不到这位用户',
  40013: 'AppID 不对',
  40014: '访问凭证无效',
  40037: '模板编号不对',
  40164: '服务器地址不在 IP 白名单里',
  40200: '这类账号不能发菜单消息',
  42001: '访问凭证过期',
  43004: '用户没有关注公众号',
  43019: '用户在黑名单里',
  43101: '用户没有订阅这类提醒',
  45002: '消息太长',
  45009: '今天的接口调用次数用完了',
  45011: '调用太频繁',
  45015: '用户超过 48 小时没有来信，或者已取消关注',
  45047: '这次来信后可发的条数用完了',
  45098: '菜单项太多',
  47001: '消息格式不对',
  47003: '模板内容不合要求',
  48001: '账号没有客服消息权限',
  48002: '用户拒收公众号的消息',
  48004: '接口被微信封禁',
  50005: '用户没有关注公众号',
  87014: '内容没有通过微信的安全检查',
};

const tellings: Record<NonNullable<WechatDelivery['told']>, string> = { template: '模板消息', subscribe: '订阅消息', sms: '短信' };

/** Why a message has not arrived, and what happens next. */
export function deliveryWords({ state, code, told, error }: Pick<WechatDelivery, 'state' | 'code' | 'told' | 'error'>): {
  means: string;
  next: string;
} {
  const means = code === null ? (error === null ? '' : '没有收到微信的回应') : (meanings[code] ?? `微信返回 ${code}`);
  switch (state) {
    case 'sent':
      return { means: '', next: '已送达微信' };
    case 'queued':
    case 'sending':
      return { means, next: '正在发送，系统会自动再试' };
    case 'kept':
      return {
        means: means === '' || code === null ? '现在不能主动发给这位市民' : means,
        next: `市民下次来信时自动送出${told === null ? '' : `，已用${tellings[told]}提醒市民`}`,
      };
    case 'failed':
      return { means: error?.includes('has left') ? '市民已取消关注' : means, next: '没有送出，处理好原因后可以重发' };
  }
}
