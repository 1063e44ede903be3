/** Reads the two body forms of POST …/upload into staged files, without holding a file in memory. */
import { PassThrough } from 'node:stream';
import type { Request, Response } from 'express';
import multer from 'multer';
import { badArgument, tooLarge } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { StagedUpload, UploadStore } from './store.ts';

/** Web Chat puts a thumbnail of every picture into the activity part, so it may be larger than a plain message. */
const ACTIVITY_BYTES = 1024 * 1024;
const DRAIN_MS = 10_000;
const ACTIVITY_TYPE = 'application/vnd.microsoft.activity';

export interface ReceivedUpload {
  readonly files: StagedUpload[];
  /** JSON text of the activity part, when there was one. */
  readonly activityJson: string | undefined;
}

/** Largest whole upload request that can succeed. */
export const uploadRequestBytes = (limits: Limits): number => limits.uploadBytes * limits.uploadFiles + ACTIVITY_BYTES + 64 * 1024;

/**
 * Reads the body of one upload. Throws DirectLineError or MulterError (413, 415, 400); then nothing stays staged.
 * On success the caller keeps or discards every file.
 */
export function receiveUpload(store: UploadStore, limits: Limits, request: Request, response: Response): Promise<ReceivedUpload> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > uploadRequestBytes(limits)) {
    drain(request, response);
    throw tooLarge('upload', limits.uploadBytes);
  }
  return request.is('multipart/*') ? readMultipart(store, limits, request, response) : readSingle(store, request, response);
}

/** Lets a client whose body is refused finish its sentence, so that it can hear the answer; but not for ever. */
function drain(request: Request, response: Response): void {
  const { socket } = request;
  request.resume();
  response.once('finish', () => setTimeout(() => request.complete || socket.destroy(), DRAIN_MS).unref());
}

async function readSingle(store: UploadStore, request: Request, response: Response): Promise<ReceivedUpload> {
  const name = fileNameOf(request.headers['content-disposition']) ?? 'file';
  // Between request and disk, so that a refused file ends this stream and not the connection.
  const body = request.pipe(new PassThrough());
  request.once('close', () => request.complete || body.destroy(new Error('Request aborted')));
  try {
    return {
      files: [await store.stage({ stream: body, name, declaredType: request.headers['content-type'] ?? '' })],
      activityJson: undefined,
    };
  } catch (error) {
    request.unpipe(body);
    drain(request, response);
    throw error;
  }
}

/** `filename*` (RFC 6266, UTF-8) before `filename`; undefined when there is neither. */
function fileNameOf(disposition: string | undefined): string | undefined {
  const extended = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition ?? '')?.[1];
  if (extended) {
    try {
      return safeName(decodeURIComponent(extended));
    } catch {
      throw badArgument('Content-Disposition: filename* is not valid UTF-8 percent-encoding');
    }
  }
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition ?? '');
  const text = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
  // Node hands header bytes over as Latin-1; clients that put UTF-8 there mean UTF-8.
  return text === undefined ? undefined : safeName(Buffer.from(text, 'latin1').toString('utf8'));
}

/** A name fit to show and to offer for download: no path, no control characters, at most 200 characters. */
function safeName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const clean = base.replace(/\p{Cc}/gu, '').trim();
  return Array.from(clean).slice(-200).join('') || 'file';
}

async function readMultipart(store: UploadStore, limits: Limits, request: Request, response: Response): Promise<ReceivedUpload> {
  const files: StagedUpload[] = [];
  let activityJson: string | undefined;

  const engine: multer.StorageEngine = {
    _handleFile(_request, file, done) {
      const isActivity = file.fieldname === 'activity' || file.mimetype === ACTIVITY_TYPE;
      const stored = isActivity
        ? readText(file.stream).then((text) => {
            activityJson = text;
          })
        : store.stage({ stream: file.stream, name: safeName(file.originalname), declaredType: file.mimetype }).then((staged) => {
            files.push(staged);
          });
      stored.then(() => done(null), done);
    },
    // Staged files are discarded together below.
    _removeFile: (_request, _file, done) => done(null),
  };
  const parse = multer({
    storage: engine,
    defParamCharset: 'utf8',
    limits: { fileSize: limits.uploadBytes, files: limits.uploadFiles + 1, fields: 4, fieldSize: ACTIVITY_BYTES, headerPairs: 20 },
  }).any();

  dropEndless(request, uploadRequestBytes(limits));
  try {
    await new Promise<void>((resolve, reject) => parse(request, response, (error: unknown) => (error ? reject(error) : resolve())));
    if (files.length > limits.uploadFiles) throw badArgument(`at most ${limits.uploadFiles} files at once`);
    const field: unknown = request.body?.activity;
    return { files, activityJson: activityJson ?? (typeof field === 'string' ? field : undefined) };
  } catch (error) {
    await Promise.all(files.map((file) => store.discard(file.id)));
    throw error;
  }
}

/** multer reads a refused body to its end, so that the client can hear why; a body with no end in sight is cut off instead. */
function dropEndless(request: Request, maxBytes: number): void {
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBytes * 2) request.destroy();
  });
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > ACTIVITY_BYTES) throw tooLarge('activity part', ACTIVITY_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
