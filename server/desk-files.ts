/** The files of conversations as the desk uses them: the web channel's store, its signed addresses for channels without attachments. */
import { LostKeyError } from '../bot/store/sealing/key-ring.ts';
import { DirectLineError } from '../channels/web/directline/errors.ts';
import { WEB_CHANNEL } from '../channels/web/directline/options.ts';
import { signedUploadPath, uploadPath } from '../channels/web/directline/uploads/link.ts';
import { sendBytes } from '../channels/web/directline/uploads/send.ts';
import { ALLOWED_FILES } from '../channels/web/directline/uploads/sniff.ts';
import type { UploadStore } from '../channels/web/directline/uploads/store.ts';
import type { ConversationFiles } from '../desk/api/file-routes.ts';

export interface DeskFilesOptions {
  readonly uploads: UploadStore;
  /** Of the web channel. */
  readonly signingKey: string;
  /** Where the site is reached; without it other channels get no files. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

const refusals: Record<number, string> = {
  400: '这个文件是空的',
  413: '文件太大，请压缩或分开发送',
  415: `不能发送这种文件，可以发送：${ALLOWED_FILES}`,
};

export function deskFiles({ uploads, signingKey, publicUrl, now }: DeskFilesOptions): ConversationFiles {
  return {
    keep: async (conversationId, { stream, name }) => {
      try {
        return await uploads.keep(await uploads.stage({ stream, name, declaredType: '' }), conversationId);
      } catch (error) {
        if (error instanceof DirectLineError) return { refused: refusals[error.status] ?? '这个文件不能发送' };
        throw error;
      }
    },
    find: (id) => uploads.find(id),
    send: async (id, headers, request, response) => {
      const found = await uploads.find(id);
      try {
        const bytes = found && (await uploads.read(found));
        if (found === undefined || bytes === undefined) return 'gone';
        response.set(headers);
        sendBytes(request, response, bytes, found.sha256);
        return 'sent';
      } catch (error) {
        if (error instanceof LostKeyError) return 'locked';
        throw error;
      }
    },
    reaches: (channel) => channel === WEB_CHANNEL || publicUrl !== undefined,
    wayTo: (channel, id) => {
      if (channel === WEB_CHANNEL || publicUrl === undefined) return { address: uploadPath(id) };
      const path = signedUploadPath(signingKey, id, now());
      const url = new URL(path, publicUrl).href;
      return { address: url, link: { url, until: Number(new URL(url).searchParams.get('e')) * 1000 } };
    },
  };
}
