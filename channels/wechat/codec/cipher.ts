/** The AES envelope of WeChat's compatible and safe modes. Scheme: developers.weixin.qq.com, pages 消息推送 and Technical_Plan. */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** PKCS#7 with blocks of 32 bytes, twice AES's own: Node's automatic padding would fail on half of all messages. */
const block = 32;
const randomLength = 16;
const lengthLength = 4;

/** The 32 key bytes of an EncodingAESKey (43 characters of Base64 without its last `=`). */
export function aesKey(encodingAesKey: string): Buffer {
  return Buffer.from(`${encodingAesKey}=`, 'base64');
}

/** Base64 of random ‖ length ‖ message ‖ app id. `random` are 16 bytes nobody can guess. */
export function encrypt(key: Buffer, appId: string, message: string, random: Buffer): string {
  const text = Buffer.from(message);
  const length = Buffer.alloc(lengthLength);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([random, length, text, Buffer.from(appId)]);
  const pad = block - (plain.length % block);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64');
}

/** The bytes of the message, or undefined: not for this key, not for this app id, or damaged. */
export function decrypt(key: Buffer, appId: string, encrypted: string): Buffer | undefined {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % block !== 0) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = plain.at(-1) ?? 0;
  if (pad < 1 || pad > block || !plain.subarray(-pad).every((byte) => byte === pad)) return undefined;
  const content = plain.subarray(0, -pad);
  const start = randomLength + lengthLength;
  if (content.length < start) return undefined;
  const end = start + content.readUInt32BE(randomLength);
  if (end > content.length || content.subarray(end).toString() !== appId) return undefined;
  return content.subarray(start, end);
}
