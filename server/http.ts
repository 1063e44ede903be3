/** The HTTP surface: portal, widget, Direct Line, desk, health. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { findConversation } from '../bot/store/conversations.ts';
import { settingOrCreate } from '../bot/store/settings.ts';
import { findUpload, saveUpload } from '../bot/store/uploads.ts';
import { MESSAGES_PATH } from '../channels/botframework/options.ts';
import { PAGE_PATH, SMS_PATH } from '../channels/sms/options.ts';
import type { Sms } from '../channels/sms/sms.ts';
import { createDirectLine } from '../channels/web/directline/directline.ts';
import type { Limits } from '../channels/web/directline/limits.ts';
import { DIRECT_LINE_PATH } from '../channels/web/directline/options.ts';
import { createDiskUploads } from '../channels/web/directline/uploads/store.ts';
import { WECHAT_PATH } from '../channels/wechat/options.ts';
import type { Wechat } from '../channels/wechat/wechat.ts';
import { createDeskApi, type DeskApiOptions, deskRoutes } from '../desk/api/router.ts';
import packageFile from '../package.json' with { type: 'json' };
import { addFlowRoutes } from './flow-routes.ts';
import { type House, newId } from './house.ts';
import type { Metrics } from './metrics.ts';
import { openApiDocument } from './openapi/document.ts';
import { apiGroups } from './openapi/routes.ts';
import { asDirectLineSeesIt, wechatWebParts } from './wechat-web.ts';

export interface WebOptions {
  readonly house: House;
  readonly logger: Logger;
  /** Folder with what `npm run build` made for browsers. */
  readonly webFolder: string;
  readonly limits?: Partial<Limits>;
  /** Router of /api/messages. */
  readonly botFramework: Router;
  /** Absent: no WeChat account is configured. */
  readonly wechat?: Wechat | undefined;
  /** Absent: no SMS provider is configured. */
  readonly sms?: Sms | undefined;
  /** Absent: nothing is collected. */
  readonly metrics?: Metrics | undefined;
}

export interface Web {
  readonly app: Express;
  readonly server: Server;
  close(): Promise<void>;
}

const uploadLimit = 10 * 1024 * 1024;

/** Scripts, styles and connections of our own pages come from ourselves only; nobody may frame the desk. */
const contentSecurity = {
  directives: {
    defaultSrc: ["'self'"],
    connectSrc: ["'self'", 'ws:', 'wss:'],
    imgSrc: ["'self'", 'data:', 'blob:'],
    objectSrc: ["'none'"],
    frameAncestors: ["'self'"],
    upgradeInsecureRequests: null,
  },
};

/** Builds the express app and its HTTP server; does not listen yet. */
export async function createWeb({ house, logger, webFolder, limits, botFramework, wechat, sms, metrics }: WebOptions): Promise<Web> {
  const { config, database, now } = house;
  const signingKey = await settingOrCreate(database.db, 'directline.signing_key', () => newId() + newId());
  const closing = new AbortController();
  const uploadFolder = join(config.dataDir, 'uploads');
  const uploads = createDiskUploads({
    directory: uploadFolder,
    saveRecord: (record, at) => saveUpload(database.db, record, at),
    findRecord: (id) => findUpload(database.db, id),
    maxBytes: uploadLimit,
    now,
    newId,
  });
  const directLine = createDirectLine({
    core: house.core,
    findConversation: async (id) => asDirectLineSeesIt(await findConversation(database.db, id)),
    secret: config.directLineSecret,
    signingKey,
    publicUrl: (request) => config.publicUrl ?? requestBase(request),
    allowedOrigins: config.widgetOrigins,
    uploads,
    now,
    newId,
    log: logger,
    limits,
  });

  const app = express();
  app.disable('x-powered-by');
  app.use(helmet({ contentSecurityPolicy: contentSecurity, crossOriginResourcePolicy: { policy: 'same-origin' } }));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const problems = await notReady(house);
    response.status(problems.length === 0 ? 200 : 503).json({ ready: problems.length === 0, problems });
  });
  if (metrics) app.get('/metrics', metrics.handler);
  addFlowRoutes(app, house);
  app.use(DIRECT_LINE_PATH, directLine.router);
  app.use(MESSAGES_PATH, botFramework);
  if (sms) app.use(SMS_PATH, sms.router).use(PAGE_PATH, sms.pages);
  if (wechat) app.use(WECHAT_PATH, wechat.router(wechatWebParts({ uploads, uploadFolder, signingKey, now })));
  const deskOptions: DeskApiOptions = {
    database,
    desk: house.desk,
    log: house.log,
    now,
    newId,
    lookUp: house.lookUp,
    itemOf: house.itemOf,
    knowledge: {
      life: house.repository,
      pack: house.manifest.name,
      region: house.manifest.region,
      departments: house.manifest.departments.map((department) => department.name),
      sample: house.manifest.sample,
    },
    qualityWords: house.qualityWords,
    work: { orders: house.people.orders, foundFor: house.foundFor },
    publicUrl: config.publicUrl,
    skills: [...new Set(house.manifest.departments.map((department) => department.skill))],
    onError: (error) => logger.error({ err: error }, 'the desk API failed'),
    signal: closing.signal,
  };
  const staffRoutes = deskRoutes(deskOptions);
  app.use('/desk/api', createDeskApi(deskOptions, staffRoutes));
  const description = openApiDocument(
    { title: 'Wenban 问办', version: packageFile.version, publicUrl: config.publicUrl },
    apiGroups(staffRoutes.map((one) => one.spec)),
  );
  app.get('/openapi.json', (_request, response) => void response.json(description));
  // Other sites embed the widget with a script tag: this one file may cross origins.
  app.get(['/widget.js', '/widget.js.map'], (request, response) => {
    response.set({
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=300',
    });
    response.sendFile(request.path.slice(1), { root: webFolder });
  });
  app.use('/desk', express.static(join(webFolder, 'desk')));
  app.use('/portal', express.static(join(webFolder, 'portal')));
  app.get('/', (_request, response) => response.sendFile('index.html', { root: join(webFolder, 'portal') }));
  app.use(
    (_request, response) => void response.status(404).json({ error: { code: 'NotFound', message: 'there is nothing at this address' } }),
  );
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error, path: request.path }, 'a request failed');
    if (!response.headersSent)
      response.status(status).json({
        error: {
          code: status >= 500 ? 'ServerError' : 'BadRequest',
          message: status >= 500 ? 'something went wrong on our side' : (error as Error).message,
        },
      });
  });

  const server = createServer(app);
  directLine.attach(server);
  return {
    app,
    server,
    close: async () => {
      closing.abort();
      await directLine.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function notReady(house: House): Promise<string[]> {
  const problems: string[] = [];
  try {
    await house.repository.revision();
  } catch (error) {
    problems.push(`database: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (house.index.items().length === 0) problems.push('knowledge: nothing is published');
  return problems;
}

function requestBase(request: IncomingMessage): string {
  return `http://${request.headers.host ?? 'localhost'}`;
}

function statusOf(error: unknown): number {
  const status = (error as { status?: unknown; statusCode?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
