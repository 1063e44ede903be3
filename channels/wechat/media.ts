/** Pictures, voice and video a citizen sends: fetched from the platform, checked, kept; voice becomes text where that is configured. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Attachment } from '../../bot/activity.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import type { Context, SaveMedia } from './options.ts';
import type { What } from './push.ts';
import { transcribe } from './transcription.ts';

type Media = Extract<What, { kind: 'media' }>;
export interface Fetched {
  readonly attachment: Attachment;
  /** Of voice. */
  readonly words: string | undefined;
}

const names: Record<Media['media'], { name: string; contentType: string }> = {
  image: { name: '微信图片', contentType: 'image/*' },
  voice: { name: '微信语音', contentType: 'audio/*' },
  video: { name: '微信视频', contentType: 'video/*' },
};
/** The platform has delivered a push for the last time by then. */
const rememberedMs = 20_000;

/** What is being fetched in this process, by push: the next delivery of a push goes on with what the earlier one began. */
export class MediaFetcher {
  readonly #context: Context;
  readonly #saveMedia: SaveMedia;
  readonly #underWay = new Map<string, Promise<Fetched>>();

  constructor(context: Context, saveMedia: SaveMedia) {
    this.#context = context;
    this.#saveMedia = saveMedia;
  }

  /**
   * The file as an attachment and, of voice, its words. The push must be acknowledged in five seconds: what can't be had in time is `late`, so
   * that the platform delivers again; with `last` it is left out, and staff see that there was a file. Never rejects.
   */
  async fetch(account: WechatAccount, conversationId: string, key: string, what: Media, last: boolean): Promise<Fetched | 'late'> {
    let work = this.#underWay.get(key);
    if (!work) {
      work = this.#work(account, conversationId, what);
      this.#underWay.set(key, work);
      this.#context.afterwards(work.then(() => undefined));
      setTimeout(() => this.#underWay.delete(key), rememberedMs).unref();
    }
    const late = await Promise.race([work, delay(this.#context.waits.mediaMs, 'late' as const, { ref: false })]);
    return late === 'late' && last ? missing(what) : late;
  }

  async #work(account: WechatAccount, conversationId: string, what: Media): Promise<Fetched> {
    const context = this.#context;
    const { name, contentType } = names[what.media];
    try {
      if (!context.standing(account).messages) return missing(what);
      const { body, contentType: declared } = await context.api.media(account, what.mediaId);
      const saved = await this.#saveMedia({ body, name, contentType: declared, conversationId });
      if (!saved) return { attachment: { contentType, name: `${name}（格式或大小不符，没有保存）` }, words: what.words };
      const { content, ...attachment } = saved;
      return { attachment, words: what.words ?? (await this.#words(account, what, content, saved.contentType)) };
    } catch (error) {
      context.log.warn({ err: error, account: accountKey(account) }, 'a file of a citizen could not be fetched');
      return missing(what);
    }
  }

  /** The file is kept, even when nobody understands it. */
  async #words(account: WechatAccount, what: Media, content: () => Promise<Buffer>, contentType: string): Promise<string | undefined> {
    const { transcription, log } = this.#context;
    if (what.media !== 'voice' || !transcription) return undefined;
    try {
      return await transcribe(transcription, await content(), contentType);
    } catch (error) {
      log.warn({ err: error, account: accountKey(account) }, 'a voice message could not be turned into text');
      return undefined;
    }
  }
}

function missing({ media, words }: Media): Fetched {
  const { name, contentType } = names[media];
  return { attachment: { contentType, name: `${name}（没有取到）` }, words };
}
