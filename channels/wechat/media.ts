/** Pictures, voice and video a citizen sends: fetched from the platform, checked, kept; voice becomes text where that is configured. */
import { openAsBlob } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attachment } from '../../bot/activity.ts';
import { accountKey, type WechatAccount } from './accounts.ts';
import type { Context, SaveMedia, Transcription } from './options.ts';
import type { What } from './push.ts';

type Media = Extract<What, { kind: 'media' }>;

const names: Record<Media['media'], { name: string; contentType: string }> = {
  image: { name: '微信图片', contentType: 'image/*' },
  voice: { name: '微信语音', contentType: 'audio/*' },
  video: { name: '微信视频', contentType: 'video/*' },
};

/**
 * The file as an attachment and, of voice, its words. The push must be acknowledged in five seconds: what can't be had in time is left
 * out, and staff see that there was a file. Never rejects.
 */
export async function fetchMedia(
  context: Context,
  saveMedia: SaveMedia,
  account: WechatAccount,
  conversationId: string,
  what: Media,
): Promise<{ attachment: Attachment; words: string | undefined }> {
  const { name, contentType } = names[what.media];
  const missing = { attachment: { contentType, name: `${name}（没有取到）` }, words: undefined };
  const work = async () => {
    if (!context.standing(account).messages) return missing;
    const { body, contentType: declared } = await context.api.media(account, what.mediaId);
    const saved = await saveMedia({ body, name, contentType: declared, conversationId });
    if (!saved) return { attachment: { contentType, name: `${name}（格式或大小不符，没有保存）` }, words: undefined };
    const { path, ...attachment } = saved;
    const words =
      what.media === 'voice' && context.transcription ? await transcribe(context.transcription, path, saved.contentType) : undefined;
    return { attachment, words };
  };
  const late = delay(context.waits.mediaMs, missing, { ref: false });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    context.log.warn({ err: error, account: accountKey(account) }, 'a file of a citizen could not be fetched');
    return missing;
  }
}

/** Words of a voice message. Protocol: OpenAI's POST /audio/transcriptions. */
async function transcribe({ baseUrl, apiKey, model }: Transcription, path: string, contentType: string): Promise<string | undefined> {
  const form = new FormData();
  form.set('model', model);
  form.set('language', 'zh');
  form.set('file', await openAsBlob(path, { type: contentType }), `voice.${contentType.split('/')[1] ?? 'amr'}`);
  const response = await fetch(`${baseUrl}/audio/transcriptions`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(10_000),
    ...(apiKey ? { headers: { Authorization: `Bearer ${apiKey}` } } : {}),
  });
  if (!response.ok) throw new Error(`the transcription answered HTTP ${response.status}`);
  const { text } = (await response.json()) as { text?: unknown };
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
