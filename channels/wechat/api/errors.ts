/** What the platform's error codes mean for a message. Codes: developers.weixin.qq.com, pages 客服接口-发消息 and 全局返回码. */

/**
 * retry: the same again later · token: once more with a new access token · wait: keep it until the citizen writes · outside: keep it and tell
 * them by a template or subscription message · text: the account may not send this kind, send plain text · shorten: cut it · passive: the account may
 * only answer in the response · gone: this citizen can't be reached · alarm: an operator must act · ignore: of no consequence.
 */
export type Reaction = 'retry' | 'token' | 'wait' | 'outside' | 'text' | 'shorten' | 'passive' | 'gone' | 'alarm' | 'ignore';

const reactions: Readonly<Record<number, Reaction>> = {
  [-1]: 'retry',
  45011: 'retry',
  40001: 'token',
  40014: 'token',
  42001: 'token',
  45047: 'wait',
  45015: 'outside',
  40200: 'text',
  45098: 'text',
  40008: 'text',
  45002: 'shorten',
  48001: 'passive',
  40003: 'gone',
  43004: 'gone',
  43019: 'gone',
  43101: 'gone',
  48002: 'gone',
  50005: 'gone',
  45072: 'ignore',
  45080: 'ignore',
  45081: 'ignore',
};

/** What to do about a code; everything unknown is an operator's business. */
export const reactionTo = (code: number): Reaction => reactions[code] ?? 'alarm';

/** The platform answered with an error code. */
export class WechatApiError extends Error {
  override readonly name = 'WechatApiError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(`WeChat answered ${code}: ${message.slice(0, 200)}`);
    this.code = code;
  }
}

/** There was no usable answer. `sent`: the request may have arrived all the same. */
export class WechatUnreachableError extends Error {
  override readonly name = 'WechatUnreachableError';
  readonly sent: boolean;

  constructor(message: string, sent: boolean) {
    super(message);
    this.sent = sent;
  }
}
