/** A WeChat platform for tests: citizens who write to accounts, and the API that accounts call. Behaves as the documentation says. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fields, type Keys, pushOf, shownBy } from './wire.ts';

export interface PlatformAccount extends Keys {
  readonly original: string;
  readonly secret: string;
  readonly type: 'service' | 'subscription' | 'unverified' | 'mini-program';
}

/** What a citizen sees in their chat. */
export interface Bubble {
  readonly by: 'reply' | 'message';
  readonly text: string;
  readonly items: readonly { id: string; content: string }[];
  readonly ai: boolean;
  /** Of a picture. */
  readonly picture?: Uint8Array;
}

interface Allowance {
  left: number;
  until: number;
}
export type Call = { readonly path: string; readonly body: Record<string, unknown> };

export interface PlatformOptions {
  readonly now?: () => number;
  /** After this long the platform hangs up. */
  readonly hangUpMs?: number;
}

export type Platform = Awaited<ReturnType<typeof startPlatform>>;

export async function startPlatform({ now = Date.now, hangUpMs = 5000 }: PlatformOptions = {}) {
  const accounts = new Map<string, PlatformAccount>();
  const chats = new Map<string, Bubble[]>();
  const errors: string[] = [];
  const calls: Call[] = [];
  const allowances = new Map<string, Allowance>();
  const tokens = new Map<string, { appId: string; until: number }>();
  const current = new Map<string, string>();
  const media = new Map<string, { bytes: Uint8Array; type: string }>();
  const unionIds = new Map<string, string>();
  const codes = new Map<string, string>();
  /** Error codes of the next calls by path. */
  const planned = new Map<string, (number | 'hang')[]>();
  const acknowledged: number[] = [];
  let issued = 0;
  let messages = 0;

  const chat = (openid: string): Bubble[] => chats.get(openid) ?? (chats.set(openid, []).get(openid) as Bubble[]);

  function issueToken(appId: string, force: boolean): { access_token: string; expires_in: number } {
    const known = current.get(appId);
    const until = known === undefined ? 0 : (tokens.get(known)?.until ?? 0);
    if (known !== undefined && !force && until - now() > 5 * 60_000)
      return { access_token: known, expires_in: Math.floor((until - now()) / 1000) };
    if (force && known !== undefined) tokens.delete(known);
    const token = `token-${++issued}-${'x'.repeat(100)}`;
    tokens.set(token, { appId, until: now() + 7200_000 });
    current.set(appId, token);
    return { access_token: token, expires_in: 7200 };
  }

  function customSend(account: PlatformAccount, body: Record<string, unknown>): { errcode: number; errmsg: string } {
    const refuse = (errcode: number, errmsg: string) => ({ errcode, errmsg });
    if (account.type === 'unverified') return refuse(48001, 'api unauthorized');
    const openid = String(body.touser);
    const allowance = allowances.get(openid);
    if (!allowance || allowance.until < now()) return refuse(45015, 'response out of time limit or subscription is canceled');
    const text = body.msgtype === 'text' ? (body.text as { content: string }).content : '';
    const menu =
      body.msgtype === 'msgmenu' ? (body.msgmenu as { head_content: string; list: { id: string; content: string }[] }) : undefined;
    if (menu && account.type !== 'service') return refuse(40200, 'invalid account type');
    if (menu && menu.list.length > 10) return refuse(45098, 'msgmenu list size is out of limit');
    const picture = body.msgtype === 'image' ? media.get((body.image as { media_id: string }).media_id) : undefined;
    if (body.msgtype === 'image' && !picture) return refuse(40007, 'invalid media_id');
    if (!menu && !picture && text === '') return refuse(44004, 'empty content');
    if (Buffer.byteLength(text) > 2048) return refuse(45002, 'content size out of limit');
    if (allowance.left <= 0) return refuse(45047, 'out of response count limit');
    allowance.left--;
    const ai = (body.aimsgcontext as { is_ai_msg?: number } | undefined)?.is_ai_msg === 1;
    const bubble = { by: 'message', text: menu ? menu.head_content : text, items: menu?.list ?? [], ai } as const;
    chat(openid).push(picture ? { ...bubble, picture: picture.bytes } : bubble);
    return { errcode: 0, errmsg: 'ok' };
  }

  async function answer(path: string, query: URLSearchParams, body: Record<string, unknown>): Promise<unknown> {
    if (path === '/cgi-bin/stable_token') {
      const account = accounts.get(String(body.appid));
      if (!account || account.secret !== body.secret) return { errcode: 40001, errmsg: 'invalid credential' };
      return issueToken(account.appId, body.force_refresh === true);
    }
    if (path === '/sns/jscode2session') {
      const openid = codes.get(query.get('js_code') ?? '');
      if (openid === undefined) return { errcode: 40029, errmsg: 'invalid code' };
      codes.delete(query.get('js_code') ?? '');
      return { openid, session_key: 'never leaves the server', ...(unionIds.has(openid) ? { unionid: unionIds.get(openid) } : {}) };
    }
    const token = tokens.get(query.get('access_token') ?? '');
    const account = token && accounts.get(token.appId);
    if (!token || !account) return { errcode: 40001, errmsg: 'invalid credential, access_token is invalid or not latest' };
    if (token.until <= now()) return { errcode: 42001, errmsg: 'access_token expired' };
    switch (path) {
      case '/cgi-bin/message/custom/send':
        return customSend(account, body);
      case '/cgi-bin/message/custom/typing':
      case '/cgi-bin/message/custom/business/typing':
        return { errcode: 0, errmsg: 'ok' };
      case '/cgi-bin/user/info': {
        const openid = query.get('openid') ?? '';
        return { subscribe: 1, openid, ...(unionIds.has(openid) ? { unionid: unionIds.get(openid) } : {}) };
      }
      case '/cgi-bin/message/template/send':
      case '/cgi-bin/message/subscribe/bizsend':
      case '/cgi-bin/message/subscribe/send':
        return { errcode: 0, errmsg: 'ok', msgid: 200163836 };
      case '/wxa/business/getuserphonenumber': {
        const phone = codes.get(String(body.code));
        if (phone === undefined) return { errcode: 40029, errmsg: 'invalid code' };
        codes.delete(String(body.code));
        return { errcode: 0, errmsg: 'ok', phone_info: { phoneNumber: `+86${phone}`, purePhoneNumber: phone, countryCode: '86' } };
      }
      case '/cgi-bin/menu/create':
        return { errcode: 0, errmsg: 'ok' };
      default:
        return { errcode: 40066, errmsg: `no such address: ${path}` };
    }
  }

  async function keepUpload(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData();
    const file = form.get('media');
    if (!(file instanceof File) || file.name === '') return { errcode: 41005, errmsg: 'media data missing' };
    if (!/^image\/(png|jpeg|gif)$/.test(file.type)) return { errcode: 40005, errmsg: 'invalid file type' };
    const id = `media-${media.size + 1}`;
    media.set(id, { bytes: new Uint8Array(await file.arrayBuffer()), type: file.type });
    return { type: 'image', media_id: id, created_at: Math.floor(now() / 1000) };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    const raw = await bodyOf(request);
    const form = request.headers['content-type']?.startsWith('multipart/form-data') ? request.headers['content-type'] : undefined;
    const sent = form === undefined ? raw.toString('utf8') : '';
    // Chinese must come as it is: the real platform shows \u escapes literally.
    if (/\\u[0-9a-f]{4}/i.test(sent)) errors.push(`${url.pathname}: escaped characters`);
    const body = sent === '' ? {} : (JSON.parse(sent) as Record<string, unknown>);
    calls.push({ path: url.pathname, body });
    const next = planned.get(url.pathname)?.shift();
    if (next === 'hang') return;
    const file = url.pathname === '/cgi-bin/media/get' ? media.get(url.searchParams.get('media_id') ?? '') : undefined;
    if (file && next === undefined) return void response.setHeader('Content-Type', file.type).end(file.bytes);
    const reached = async () => {
      if (form !== undefined && url.pathname === '/cgi-bin/media/upload') {
        const known = tokens.has(url.searchParams.get('access_token') ?? '');
        return known ? keepUpload(raw, form) : { errcode: 40001, errmsg: 'invalid credential' };
      }
      return answer(url.pathname, url.searchParams, body);
    };
    const json = next === undefined ? await reached() : { errcode: next, errmsg: `told to answer ${next}` };
    response.setHeader('Content-Type', 'text/plain; charset=utf-8').end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** One delivery; `again`: the platform will try once more. */
  async function post(url: string, account: PlatformAccount, fields: Fields, style: Style): Promise<'done' | 'again'> {
    const { query, body } = pushOf(account, fields, Math.floor(now() / 1000), style.format, style.compatible);
    const start = performance.now();
    try {
      const response = await fetch(`${url}?${query}`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'text/xml' },
        signal: AbortSignal.timeout(hangUpMs),
      });
      const shown = shownBy(account, await response.text());
      acknowledged.push(performance.now() - start);
      if (!response.ok) return 'again';
      if (shown !== undefined) {
        if (account.type === 'mini-program') errors.push('a mini-program may not answer with text');
        chat(String(fields.FromUserName)).push({ by: 'reply', text: shown, items: [], ai: false });
      }
      return 'done';
    } catch {
      return 'again';
    }
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    errors,
    calls,
    chats,
    media,
    unionIds,
    codes,
    tokens,
    /** Milliseconds of every acknowledged delivery. */
    acknowledged,
    add: (account: PlatformAccount) => accounts.set(account.appId, account),
    allow: (openid: string, left: number, forMs: number) => allowances.set(openid, { left, until: now() + forMs }),
    plan: (path: string, ...answers: (number | 'hang')[]) => void planned.set(path, answers),
    nextId: () => `241122334455${String(++messages).padStart(6, '0')}`,
    issued: () => issued,
    calledPath: (path: string) => calls.filter((call) => call.path === path),

    /**
     * Pushes until it is acknowledged, three times at most, as the platform does; `urls` are taken in turn. Resolves to whether it was; when not,
     * the citizen sees the platform's own error.
     */
    async push(urls: readonly string[], account: PlatformAccount, fields: Fields, style: Style = {}): Promise<boolean> {
      grant(allowances, fields, now());
      for (let attempt = 0; attempt < 3; attempt++) {
        if ((await post(urls[attempt % urls.length] as string, account, fields, style)) === 'done') return true;
      }
      return false;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sleep(0);
    },
  };
}

export interface Style {
  readonly format?: 'xml' | 'json';
  readonly compatible?: boolean;
}

/** What the citizen does allows messages: page 客服消息介绍. */
function grant(allowances: Map<string, Allowance>, fields: Fields, now: number): void {
  const minute = 60_000;
  const event = fields.MsgType === 'event' ? String(fields.Event).toLowerCase() : undefined;
  const table: Record<string, Allowance> = {
    subscribe: { left: 3, until: now + minute },
    scan: { left: 3, until: now + minute },
    click: { left: 3, until: now + minute },
    user_enter_tempsession: { left: 2, until: now + minute },
  };
  const allowance =
    event === undefined
      ? { left: fields.bizmsgmenuid ? 3 : 5, until: now + (fields.bizmsgmenuid ? minute : 48 * 60 * minute) }
      : table[event];
  if (allowance) allowances.set(String(fields.FromUserName), allowance);
  if (event === 'unsubscribe') allowances.delete(String(fields.FromUserName));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
