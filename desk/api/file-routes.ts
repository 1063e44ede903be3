/** Files of a conversation: what the citizen sent, opened by staff and written down; and what an agent sends. */
import { PassThrough, type Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { filesOfConversation } from '../../bot/store/uploads.ts';
import { fileSchema, saidSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { looksAt } from './looks.ts';
import { agents } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { conversationIdSchema, sendFileQuerySchema } from './schemas.ts';
import { monthDay } from './views.ts';
import { visibleConversation } from './visible.ts';

export interface ConversationFile {
  readonly id: string;
  readonly conversationId: string;
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** Where files lie; the server lends the desk the store of its web channel. */
export interface ConversationFiles {
  /** Checks and keeps a file by what it really is. A refusal is a value with words for staff. */
  keep(conversationId: string, source: { stream: Readable; name: string }): Promise<ConversationFile | { readonly refused: string }>;
  /** What is known of a kept file. */
  find(id: string): Promise<ConversationFile | undefined>;
  /** Answers a request with a file under these headers; gone: not on disk; locked: its key is missing, nothing was answered. */
  send(id: string, headers: Readonly<Record<string, string>>, request: Request, response: Response): Promise<'sent' | 'gone' | 'locked'>;
  /** Whether citizens of a channel can get files at all: channels without attachments need to know where the site is reached. */
  reaches(channel: string): boolean;
  /** How a file travels: `address` goes into the attachment; channels without attachments also get `link`, which ends at `until` (epoch ms). */
  wayTo(channel: string, fileId: string): { readonly address: string; readonly link?: { readonly url: string; readonly until: number } };
}

/** Pictures a browser shows without running anything in them. */
const shown = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);
const params = z.object({ id: conversationIdSchema });

/** A refused upload is read to its end for a while, so that its sender hears why instead of a broken connection. */
const DRAIN_MS = 10_000;
function letFinish(request: Request, response: Response): void {
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    setTimeout(() => request.complete || request.socket.destroy(), DRAIN_MS).unref();
  });
}

export function fileRoutes({
  database,
  desk,
  now,
  files,
}: Pick<DeskApiOptions, 'database' | 'desk' | 'now'> & { readonly files: ConversationFiles }): Route[] {
  const looks = looksAt({ database, now });
  const unknown = { 404: ['unknown_conversation', 'unknown_file'] };
  return [
    route(
      {
        method: 'get',
        path: '/conversations/{id}/files',
        summary: 'Files of the conversation, oldest first',
        roles: agents,
        params,
        response: z.array(fileSchema),
        errors: unknown,
      },
      async ({ params: { id }, staff }) => {
        await visibleConversation(database.db, id, staff);
        return filesOfConversation(database.db, id);
      },
    ),
    route(
      {
        method: 'get',
        path: '/conversations/{id}/files/{file}',
        summary: 'One file; pictures are shown, everything else is for download',
        roles: agents,
        params: params.extend({ file: z.string().min(1).max(64) }),
        produces: 'application/octet-stream',
        errors: { ...unknown, 500: ['file_locked'] },
      },
      async ({ params: { id, file }, staff, request, response }) => {
        await visibleConversation(database.db, id, staff);
        const found = await files.find(file);
        if (found?.conversationId !== id) throw new ApiError(404, 'unknown_file', '没有这个文件');
        await looks(staff.name, 'read_file', id);
        const { name, contentType } = found;
        const inline = shown.has(contentType);
        const headers = {
          'content-type': inline ? contentType : 'application/octet-stream',
          'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
        };
        const sent = await files.send(file, headers, request, response);
        if (sent === 'gone') throw new ApiError(404, 'unknown_file', '这个文件已经不在了');
        if (sent === 'locked') throw new ApiError(500, 'file_locked', '文件还在，但打开它的密钥不在这台服务器上，请联系管理员');
        return undefined;
      },
    ),
    route(
      {
        method: 'post',
        path: '/conversations/{id}/files',
        summary: 'Send a file to the citizen; the body is the file. Channels without attachments get a link that expires',
        roles: agents,
        params,
        query: sendFileQuerySchema,
        consumes: 'application/octet-stream',
        response: saidSchema,
        errors: { ...unknown, 409: ['not_yours', 'no_way'], 415: ['file_refused'] },
      },
      async ({ params: { id }, query: { name, messageId }, staff, request, response }) => {
        letFinish(request, response);
        const { channel } = await visibleConversation(database.db, id, staff);
        await looks(staff.name, 'send_file', id);
        if (!request.is('application/octet-stream')) throw new ApiError(415, 'file_refused', '请求内容应当是文件本身');
        if (!(await desk.holds(id, staff.name))) throw new ApiError(409, 'not_yours', '这个对话现在不在您手里，不能操作');
        if (!files.reaches(channel)) throw new ApiError(409, 'no_way', '这个渠道收不到文件：请管理员先配置对外网址 PUBLIC_URL');
        // between request and disk, so that a refused file ends this stream and not the connection
        const body = request.pipe(new PassThrough());
        request.once('close', () => request.complete || body.destroy(new Error('the sender went away')));
        const kept = await files.keep(id, { stream: body, name });
        if ('refused' in kept) {
          request.unpipe(body);
          throw new ApiError(415, 'file_refused', kept.refused);
        }
        const way = files.wayTo(channel, kept.id);
        const attachments = [{ contentType: kept.contentType, contentUrl: way.address, name: kept.name }];
        const text =
          way.link === undefined ? '' : `文件《${kept.name}》：${way.link.url}\n（链接 ${monthDay(way.link.until)}前有效，请及时保存）`;
        const said = await desk.say(id, staff.name, { text, messageId, attachments });
        if (said === 'not_yours') throw new ApiError(409, 'not_yours', '这个对话现在不在您手里，不能操作');
        return { id: said.activity.id, seq: said.activity.seq, duplicate: said.duplicate };
      },
    ),
  ];
}
