/** What the WeChat channel borrows from others: a place for files, tokens for the mini-program's own chat page, and SMS for who can't be written to. */
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Sms } from '../channels/sms/sms.ts';
import { DirectLineError } from '../channels/web/directline/errors.ts';
import { type ConversationSummary, WEB_CHANNEL } from '../channels/web/directline/options.ts';
import { TALK_SECONDS, writeToken } from '../channels/web/directline/token.ts';
import { uploadIdOf, uploadPath } from '../channels/web/directline/uploads/link.ts';
import type { UploadStore } from '../channels/web/directline/uploads/store.ts';
import type { WechatOptions } from '../channels/wechat/options.ts';
import type { WebParts } from '../channels/wechat/router.ts';

export interface Borrowed {
  readonly uploads: UploadStore;
  readonly signingKey: string;
  readonly now: () => number;
}

export function wechatWebParts({ uploads, signingKey, now }: Borrowed): WebParts {
  return {
    saveMedia: async ({ body, name, contentType, conversationId }) => {
      try {
        const staged = await uploads.stage({ stream: Readable.fromWeb(body as NodeStream), name, declaredType: contentType });
        const kept = await uploads.keep(staged, conversationId);
        return {
          contentType: kept.contentType,
          contentUrl: uploadPath(kept.id),
          name,
          content: async () => (await uploads.read(kept)) ?? Buffer.alloc(0),
        };
      } catch (error) {
        if (error instanceof DirectLineError) return undefined;
        throw error;
      }
    },
    fileAt: async (contentUrl) => {
      const id = uploadIdOf(new URL(contentUrl, 'http://here').pathname);
      const record = id === undefined ? undefined : await uploads.find(id);
      const content = record && (await uploads.read(record));
      return content && { name: record.name, contentType: record.contentType, content };
    },
    grant: (conversationId) => ({
      token: writeToken(signingKey, {
        use: 'talk',
        conv: conversationId,
        user: `wx_${conversationId}`,
        exp: Math.floor(now() / 1000) + TALK_SECONDS,
      }),
      expiresIn: TALK_SECONDS,
    }),
  };
}

/** The mini-program's page reads WeChat conversations over Direct Line, with a token that names the one it may read. */
export function asDirectLineSeesIt<T extends ConversationSummary>(conversation: T | undefined): T | undefined {
  return conversation?.channel.startsWith('wechat-') ? { ...conversation, channel: WEB_CHANNEL } : conversation;
}

/** Tells a citizen by SMS that WeChat holds an answer for them; what it says stays in WeChat. False when their number may not be written to. */
export function smsTeller(sms: () => Pick<Sms, 'notify'> | undefined): NonNullable<WechatOptions['tellBySms']> {
  return async ({ key, phone }) => {
    const outcome = await sms()?.notify({
      key,
      to: { phone },
      kind: 'work_order',
      text: '您在微信里咨询的事有新答复了，打开微信，给我们发一条消息就能看到。',
      vars: { matter: '微信咨询', state: '有新答复，请打开微信查看' },
    });
    return outcome === 'queued' || outcome === 'already_queued';
  };
}
