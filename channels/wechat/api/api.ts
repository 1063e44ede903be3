/** Calls of the WeChat API in an account's name. Paths and bodies: developers.weixin.qq.com, pages of each call. */
import { z } from 'zod';
import type { WechatAccount } from '../accounts.ts';
import type { ChannelFile } from '../options.ts';
import { reactionTo, WechatApiError, WechatUnreachableError } from './errors.ts';
import type { AccessTokens } from './tokens.ts';
import { answerOf, exchange, type Transport } from './transport.ts';

/** A customer-service message without its recipient. */
export type CustomMessage =
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'msgmenu'; msgmenu: MessageMenu }
  | { msgtype: 'image'; image: { media_id: string } };
export interface MessageMenu {
  readonly head_content: string;
  readonly list: readonly { id: string; content: string }[];
  readonly tail_content: string;
}

const phoneSchema = z.object({ purePhoneNumber: z.string().regex(/^\d{5,14}$/), countryCode: z.coerce.string().regex(/^[1-9]\d{0,3}$/) });

export class WechatApi {
  readonly #tokens: AccessTokens;
  readonly #transport: Transport;

  constructor(options: { tokens: AccessTokens; transport: Transport }) {
    this.#tokens = options.tokens;
    this.#transport = options.transport;
  }

  /** One call; a refused token is renewed once and the call repeated once. Rejects with WechatApiError or WechatUnreachableError. */
  async call(account: WechatAccount, path: string, body?: unknown, query: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return this.#withToken(account, async (token) =>
      answerOf(await exchange(this.#transport, path, { ...query, access_token: token }, body), path),
    );
  }

  /** A customer-service message. `ai`: the platform marks it as written by a model. */
  async send(account: WechatAccount, openid: string, message: CustomMessage, ai: boolean): Promise<void> {
    const mark = ai ? { aimsgcontext: { is_ai_msg: 1 } } : {};
    await this.call(account, '/cgi-bin/message/custom/send', { touser: openid, ...message, ...mark });
  }

  /** Shows that an answer is being written. */
  async typing(account: WechatAccount, openid: string): Promise<void> {
    const path = account.kind === 'mini-program' ? '/cgi-bin/message/custom/business/typing' : '/cgi-bin/message/custom/typing';
    await this.call(account, path, { touser: openid, command: 'Typing' });
  }

  /** Hands a picture over and gives its media id, good for three days. Call: page 新增临时素材. */
  async uploadImage(account: WechatAccount, picture: ChannelFile): Promise<string> {
    const path = '/cgi-bin/media/upload';
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array(picture.content)], { type: picture.contentType }), picture.name);
    const { media_id: id } = await this.call(account, path, form, { type: 'image' });
    if (typeof id !== 'string' || id === '') throw new WechatUnreachableError(`${path}: the answer has no media_id`, false);
    return id;
  }

  /** The bytes of what a citizen sent, with their content type. Errors come as JSON instead. */
  async media(account: WechatAccount, mediaId: string): Promise<{ body: ReadableStream<Uint8Array>; contentType: string }> {
    const path = '/cgi-bin/media/get';
    return this.#withToken(account, async (token) => {
      const response = await exchange(this.#transport, path, { media_id: mediaId, access_token: token });
      const contentType = response.headers.get('content-type') ?? '';
      if (/json|text\/plain/i.test(contentType)) {
        await answerOf(response, path);
        throw new WechatUnreachableError(`${path}: no file in the answer`, false);
      }
      if (!response.body) throw new WechatUnreachableError(`${path}: the answer is empty`, false);
      return { body: response.body, contentType };
    });
  }

  /** The union id of a follower, if the account belongs to a WeChat Open Platform account. Call: page 获取用户基本信息(UnionID机制). */
  async unionId(account: WechatAccount, openid: string): Promise<string | undefined> {
    const answer = await this.call(account, '/cgi-bin/user/info', undefined, { openid, lang: 'zh_CN' });
    return typeof answer.unionid === 'string' && answer.unionid !== '' ? answer.unionid : undefined;
  }

  /** Who logged in to a mini-program with this code of wx.login. Call: page 小程序登录 code2Session. The session key stays here. */
  async login({ appId, appSecret }: WechatAccount, code: string): Promise<{ openid: string; unionId: string | undefined }> {
    const path = '/sns/jscode2session';
    const query = { appid: appId, secret: appSecret, js_code: code, grant_type: 'authorization_code' };
    const { openid, unionid } = await answerOf(await exchange(this.#transport, path, query), path);
    if (typeof openid !== 'string' || openid === '') throw new WechatUnreachableError(`${path}: the answer has no openid`, false);
    return { openid, unionId: typeof unionid === 'string' && unionid !== '' ? unionid : undefined };
  }

  /** The number (E.164) of a citizen who pressed a getPhoneNumber button; `code` is good once. Call: page 手机号快速验证 getPhoneNumber. */
  async phone(account: WechatAccount, code: string): Promise<string> {
    const path = '/wxa/business/getuserphonenumber';
    const info = phoneSchema.safeParse((await this.call(account, path, { code })).phone_info);
    if (!info.success) throw new WechatUnreachableError(`${path}: the answer has no phone number`, false);
    return `+${info.data.countryCode}${info.data.purePhoneNumber}`;
  }

  async #withToken<T>(account: WechatAccount, work: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#tokens.get(account);
    try {
      return await work(token);
    } catch (error) {
      if (!(error instanceof WechatApiError) || reactionTo(error.code) !== 'token') throw error;
      return work(await this.#tokens.get(account, token));
    }
  }
}
