/** The platform's side of the wire, written from the public documentation and on purpose without a line of ours: signing, AES, XML. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export interface Keys {
  readonly token: string;
  readonly appId: string;
  /** Undefined: plaintext mode. */
  readonly encodingAesKey?: string | undefined;
}

/** dev_msg_signature: the parts sorted as strings, joined, SHA-1 in hex. */
export function signed(...parts: string[]): string {
  parts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part, 'utf8');
  return hash.digest('hex');
}

/** AES-256-CBC with the platform's padding to multiples of 32. */
export function seal({ encodingAesKey = '', appId }: Keys, message: string): string {
  const key = Buffer.from(encodingAesKey.concat('='), 'base64');
  const body = Buffer.from(message, 'utf8');
  const head = Buffer.allocUnsafe(20);
  randomBytes(16).copy(head);
  head.writeInt32BE(body.byteLength, 16);
  let plain = Buffer.concat([head, body, Buffer.from(appId, 'utf8')]);
  const fill = 32 - (plain.byteLength & 31);
  plain = Buffer.concat([plain, Buffer.from(Array.from({ length: fill }, () => fill))]);
  const cipher = createCipheriv('aes-256-cbc', key, key.slice(0, 16));
  cipher.setAutoPadding(false);
  return cipher.update(plain, undefined, 'base64') + cipher.final('base64');
}

/** The reverse; throws when anything does not fit. */
export function unseal({ encodingAesKey = '', appId }: Keys, encrypted: string): string {
  const key = Buffer.from(encodingAesKey.concat('='), 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.slice(0, 16));
  decipher.setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  const fill = plain.readUInt8(plain.byteLength - 1);
  if (fill < 1 || fill > 32) throw new Error(`padding of ${fill}`);
  const length = plain.readInt32BE(16);
  const message = plain.toString('utf8', 20, 20 + length);
  const receiver = plain.toString('utf8', 20 + length, plain.byteLength - fill);
  if (receiver !== appId) throw new Error(`for ${receiver}, not for ${appId}`);
  return message;
}

export type Fields = Record<string, string | number | undefined>;

/** Flat XML as the platform posts it. */
export function toXml(fields: Fields): string {
  const inner = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      typeof value === 'number'
        ? `<${name}>${value}</${name}>`
        : `<${name}><![CDATA[${value?.split(']]>').join(']]]]><![CDATA[>')}]]></${name}>`,
    );
  return `<xml>${inner.join('\n')}</xml>`;
}

/** One field of a flat XML, with its CDATA sections put together. */
export function xmlField(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  if (inner === undefined || !inner.includes('<![CDATA[')) return inner;
  return [...inner.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g)].map((section) => section[1]).join('');
}

/** The query and body of one push. `at`: epoch seconds. */
export function pushOf(
  keys: Keys,
  fields: Fields,
  at: number,
  format: 'xml' | 'json' = 'xml',
  compatible = false,
): { query: string; body: string } {
  const nonce = String(Math.floor(Math.random() * 1e9));
  const query = new URLSearchParams({
    timestamp: String(at),
    nonce,
    signature: signed(keys.token, String(at), nonce),
    openid: String(fields.FromUserName),
  });
  const write = (content: Fields): string => (format === 'xml' ? toXml(content) : jsonOf(content));
  if (!keys.encodingAesKey) return { query: query.toString(), body: write(fields) };
  const encrypted = seal(keys, write(fields));
  query.set('encrypt_type', 'aes');
  query.set('msg_signature', signed(keys.token, String(at), nonce, encrypted));
  return { query: query.toString(), body: write({ ...(compatible ? fields : { ToUserName: fields.ToUserName }), Encrypt: encrypted }) };
}

/** Ids stand in JSON as numbers with more digits than JavaScript can hold. */
const jsonOf = (fields: Fields): string => JSON.stringify(fields).replace(/"MsgId":"(\d+)"/, '"MsgId":$1');

/** What a citizen sees of a response: undefined for `success` and the empty body. Throws for what would show them an error. */
export function shownBy(keys: Keys, body: string): string | undefined {
  if (body === '' || body === 'success') return undefined;
  let xml = body;
  if (keys.encodingAesKey) {
    const encrypted = xmlField(body, 'Encrypt') ?? '';
    const expected = signed(keys.token, xmlField(body, 'TimeStamp') ?? '', xmlField(body, 'Nonce') ?? '', encrypted);
    if (expected !== xmlField(body, 'MsgSignature')) throw new Error('the reply is signed wrongly');
    xml = unseal(keys, encrypted);
  }
  if (xmlField(xml, 'MsgType') !== 'text') throw new Error(`a reply of another kind: ${xml.slice(0, 100)}`);
  if (!/<CreateTime>\d{10}<\/CreateTime>/.test(xml)) throw new Error('CreateTime must be seconds');
  const content = xmlField(xml, 'Content') ?? '';
  if (content === '' || Buffer.byteLength(content) > 2048) throw new Error(`a reply of ${Buffer.byteLength(content)} bytes`);
  return content;
}
