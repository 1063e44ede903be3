/** The HTTP surface: portal, widget, Direct Line, desk, health. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { Allowances } from '../bot/allowances.ts';
import { findConversation } from '../bot/store/conversations.ts';
import { isUnavailable } from '../bot/store/errors.ts';
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
import { flowPackOf } from '../knowledge/flow-item.ts';
import packageFile from '../package.json' with { type: 'json' };
import { deskFiles } from './desk-files.ts';
import { addFlowRoutes } from './flow-routes.ts';
import type { House } from './house.ts';
import { newId } from './ids.ts';
import type { Metrics } from './metrics.ts';
import { openApiDocument } from './openapi/document.ts';
import { apiPage } from './openapi/page.ts';
import { apiGroups } from './openapi/routes.ts';
import { operationsOf } from './operations.ts';
import { readiness } from './readiness.ts';
import { pageSecurity, serverLimits } from './security/headers.ts';
import { EXPORT_PATH } from './security/personal-data.ts';
import { addServiceReports } from './service-reports.ts';
import type { Tracing } from './tracing/tracing.ts';
import { webhookAdmin } from './webhooks/webhooks.ts';
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
  /** Absent: no spans are made. */
  readonly tracing?: Tracing | undefined;
}

export interface Web {
  readonly app: Express;
  readonly server: Server;
  close(): Promise<void>;
}

const uploadLimit = 10 * 1024 * 1024;
/** How long requests that are under way may take to end when the server stops, milliseconds. */
const requestsEndMs = 5000;

/** Builds the express app and its HTTP server; does not listen yet. */
export async function createWeb({
  house,
  logger,
  webFolder,
  limits,
  botFramework,
  wechat,
  sms,
  metrics,
  tracing,
}: WebOptions): Promise<Web> {
  const { config, database, now } = house;
  const signingKey = await settingOrCreate(database.db, 'directline.signing_key', () => newId() + newId());
  const closing = new AbortController();
  const uploads = createDiskUploads({
    directory: join(config.dataDir, 'uploads'),
    saveRecord: (record, at) => saveUpload(database.db, record, at),
    findRecord: (id) => findUpload(database.db, id),
    seal: database.sealing?.ring,
    maxBytes: uploadLimit,
    now,
    newId,
  });
  const allowances = new Allowances({ db: database.db, now });
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
    others: database.signals !== undefined,
    countUse: (key, allowance) => allowances.use(key, allowance),
    unavailable: unavailableWords(house.manifest),
  });

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.security.trustProxy);
  if (metrics) app.use(metrics.http.handler);
  app.use(...pageSecurity(config.publicUrl));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const said = await readiness(house, closing.signal.aborted);
    response
      .status(said.ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(said);
  });
  if (metrics) app.get('/metrics', metrics.handler);
  // After the probes: they would drown everything else.
  if (tracing) app.use(tracing.handler);
  addFlowRoutes(app, house);
  addServiceReports(app, house);
  app.get(`${EXPORT_PATH}/:token`, house.personal.download);
  app.use(DIRECT_LINE_PATH, directLine.router);
  app.use(MESSAGES_PATH, botFramework);
  if (sms) app.use(SMS_PATH, sms.router).use(PAGE_PATH, sms.pages);
  if (wechat) app.use(WECHAT_PATH, wechat.router({ ...wechatWebParts({ uploads, signingKey, now }), hotline: house.manifest.hotline }));
  const deskOptions: DeskApiOptions = {
    database,
    desk: house.desk,
    log: house.log,
    now,
    newId,
    lookUp: house.lookUp,
    itemOf: house.itemOf,
    meaning: house.meaning,
    knowledge: {
      life: house.repository,
      pack: house.manifest.name,
      region: house.manifest.region,
      departments: house.manifest.departments.map((department) => department.name),
      sample: house.manifest.sample,
      preview: house.preview,
    },
    flows: {
      life: house.flowRepository,
      pack: flowPackOf(house.manifest.name),
      surroundings: () => house.running.surroundings(),
    },
    qualityWords: house.qualityWords,
    evaluation: {
      tree: house.indicators,
      city: house.manifest.city,
      halls: house.manifest.halls.map(({ id, name }) => ({ id, name })),
      items: () => house.index.items(),
    },
    files: deskFiles({ uploads, signingKey, publicUrl: config.publicUrl, now }),
    place: { city: house.manifest.city, hotline: house.manifest.hotline, districts: house.manifest.districts },
    limits: house.deskLimits,
    together: { flows: () => house.engine.flows, tellTurn: house.core.tellTurn.bind(house.core) },
    work: { orders: house.people.orders, foundFor: house.foundFor },
    operations: operationsOf(house),
    webhooks: webhookAdmin(house),
    publicUrl: config.publicUrl,
    switchNames: ['model', ...house.channels.map((name) => `channel:${name}`)],
    oidc: config.security.oidc,
    passwordLogin: config.security.passwordLogin,
    sessionLimits: config.security.sessions,
    skills: [...new Set(house.manifest.departments.map((department) => department.skill))],
    onError: (error) => logger.error({ err: error }, 'the desk API failed'),
    signal: closing.signal,
  };
  const staffRoutes = deskRoutes(deskOptions);
  app.use('/desk/api', createDeskApi(deskOptions, staffRoutes));
  const describe = () =>
    openApiDocument(
      { title: 'Wenban 问办', version: packageFile.version, publicUrl: config.publicUrl },
      apiGroups(staffRoutes.map((one) => one.spec)),
    );
  // Made when somebody asks for it: it takes longer than all the rest of this function.
  let description: ReturnType<typeof describe> | undefined;
  app.get('/openapi.json', (_request, response) => {
    description ??= describe();
    response.json(description);
  });
  app.use(apiPage());
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
    if (status === 503) response.set('Retry-After', '5');
    if (!response.headersSent)
      response.status(status).json({
        error: {
          code: status >= 500 ? 'ServerError' : 'BadRequest',
          message:
            status === 503
              ? unavailableWords(house.manifest)
              : status >= 500
                ? 'something went wrong on our side'
                : (error as Error).message,
        },
      });
  });

  const server = createServer(serverLimits, app);
  directLine.attach(server);
  metrics?.http.watch(server);
  return {
    app,
    server,
    close: async () => {
      // From here on /readyz sends new citizens elsewhere, and each connection is told to close with its answer.
      closing.abort();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await directLine.close();
      server.closeIdleConnections();
      await Promise.race([closed, sleep(requestsEndMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What a citizen's client is told while nothing can be stored. */
const unavailableWords = ({ hotline }: House['manifest']): string =>
  `系统暂时存不下您的消息，恢复后会自动重新发送。急事请拨打 ${hotline}。`;

function requestBase(request: IncomingMessage): string {
  return `http://${request.headers.host ?? 'localhost'}`;
}

function statusOf(error: unknown): number {
  const status = (error as { status?: unknown; statusCode?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 600) return status;
  return isUnavailable(error) ? 503 : 500;
}
