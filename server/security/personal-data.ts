/** The house's side of people's rights: the link to a copy, files on disk, and the jobs that delete what is due. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { exportPerson } from '../../bot/privacy/export.ts';
import { findPerson } from '../../bot/privacy/person.ts';
import { sweepOld } from '../../bot/privacy/retention.ts';
import { fulfilWishes, hearWish, type WishAnswer, type WishTools } from '../../bot/privacy/wishes.ts';
import type { Conversation } from '../../bot/store/conversations.ts';
import type { OpenDatabase } from '../../bot/store/database.ts';
import type { Config } from '../config.ts';
import { removeUploads } from './remove-uploads.ts';

export const EXPORT_PATH = '/privacy/export';
const HOUR_MS = 3_600_000;

export interface PersonalData {
  hears(conversation: Conversation, text: string): Promise<WishAnswer | undefined>;
  /** What citizens have confirmed. */
  fulfil(): Promise<unknown>;
  /** What is older than it may be. */
  sweep(): Promise<unknown>;
  /** GET /privacy/export/{token}: the copy, as a file. */
  readonly download: RequestHandler<{ token: string }>;
}

export function personalData(options: {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly hotline: string;
  readonly key: string;
  readonly now: () => number;
  readonly newId: () => string;
}): PersonalData {
  const { config, database, key, now, newId } = options;
  const mac = (text: string) => createHmac('sha256', key).update(`export:${text}`).digest('base64url');
  const remove = (ids: readonly string[]) => removeUploads(join(config.dataDir, 'uploads'), ids);
  const tools: WishTools = {
    database,
    now,
    newId,
    hotline: options.hotline,
    removeUploads: remove,
    exportLink: (conversationId) => {
      if (config.publicUrl === undefined) return undefined;
      const claim = Buffer.from(JSON.stringify([conversationId, now() + HOUR_MS])).toString('base64url');
      return `${config.publicUrl}${EXPORT_PATH}/${claim}.${mac(claim)}`;
    },
  };
  /** The conversation a token opens; undefined for what we did not sign or is over. */
  const opened = (token: string): string | undefined => {
    const [claim = '', signature = ''] = token.split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(mac(claim))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [conversationId, until] = JSON.parse(Buffer.from(claim, 'base64url').toString()) as [string, number];
    return until > now() ? conversationId : undefined;
  };
  return {
    hears: (conversation, text) => hearWish(tools, conversation, text),
    fulfil: () => fulfilWishes(tools),
    sweep: () => sweepOld({ database, retention: config.security.retention, now, newId, removeUploads: remove }),
    download: async (request, response) => {
      const conversation = opened(request.params.token);
      const person = conversation === undefined ? undefined : await findPerson(database.db, { conversation });
      response.set('cache-control', 'no-store');
      if (person === undefined) {
        response.status(404).json({ error: { code: 'NotFound', message: '这个链接已经失效，请回到对话里重新导出' } });
        return;
      }
      response.attachment('wenban-my-data.json');
      response.json(await exportPerson(database, person, { actor: 'citizen', now: now(), newId }));
    },
  };
}
