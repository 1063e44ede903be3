/** What a file really is, by its content; its name and declared type are only hints from a stranger. */
import { fileTypeFromBuffer } from 'file-type';

/** Detected type → the type we keep and serve. Everything not here is refused. */
const allowed = new Map([
  ['image/jpeg', 'image/jpeg'],
  ['image/png', 'image/png'],
  ['image/webp', 'image/webp'],
  ['image/gif', 'image/gif'],
  ['image/heic', 'image/heic'],
  ['image/heif', 'image/heic'],
  ['application/pdf', 'application/pdf'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'same'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'same'],
  ['audio/mpeg', 'audio/mpeg'],
  ['audio/wav', 'audio/wav'],
  ['audio/amr', 'audio/amr'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/mp4', 'audio/mp4'],
  ['video/mp4', 'video/mp4'],
]);

/** The types as a person reads them, for messages. */
export const ALLOWED_FILES = 'jpeg, png, webp, gif, heic, pdf, docx, xlsx, mp3, wav, amr, m4a, mp4, txt';

/** The file's content type if it is one we accept, else undefined. */
export async function acceptedType(content: Buffer, name: string, declaredType: string): Promise<string | undefined> {
  const detected = await fileTypeFromBuffer(content);
  if (detected) {
    const type = allowed.get(detected.mime);
    return type === 'same' ? detected.mime : type;
  }
  const claimsText = name.toLowerCase().endsWith('.txt') || /^text\/plain\b/i.test(declaredType);
  return claimsText && isText(content) ? 'text/plain' : undefined;
}

/** Whether the beginning of a file is readable text: UTF-8, or GB 18030 as older Chinese editors write it; no control characters. */
function isText(content: Buffer): boolean {
  const head = content.subarray(0, 64 * 1024);
  return ['utf-8', 'gb18030'].some((encoding) => {
    try {
      // `stream` tolerates a character cut at the end of the window.
      const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we look for
      return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
    } catch {
      return false;
    }
  });
}
