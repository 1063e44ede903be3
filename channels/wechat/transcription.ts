/** Words of a voice message, from an OpenAI-compatible `/audio/transcriptions`. */
import OpenAI, { toFile } from 'openai';
import type { Transcription } from './options.ts';

/** All three deliveries of a push together take fifteen seconds. */
const timeoutMs = 12_000;

/**
 * The words, undefined when nothing was understood. WeChat's voice is AMR of at most 60 s: the service must take that format (OpenAI's own does
 * not; Whisper or FunASR behind ffmpeg do). Rejects with what the service answered.
 */
export async function transcribe(service: Transcription, content: Buffer, contentType: string): Promise<string | undefined> {
  const client = new OpenAI({ baseURL: service.baseUrl, apiKey: service.apiKey ?? 'none', timeout: timeoutMs, maxRetries: 0 });
  const name = `voice.${contentType.split('/')[1] ?? 'amr'}`;
  const file = await toFile(content, name, { type: contentType });
  const { text } = await client.audio.transcriptions.create({ file, model: service.model, language: 'zh' });
  return text.trim() === '' ? undefined : text.trim();
}
