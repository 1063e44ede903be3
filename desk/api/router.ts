/** The staff API, mounted at `/desk/api`. */
import express, { type Router } from 'express';
import type { FoundAnswer } from '../../bot/answer/look-up.ts';
import type { DeskLimits } from '../../bot/calendar/schema.ts';
import type { HandoffDesk } from '../../bot/handoff/desk.ts';
import type { QualityWords } from '../../bot/insights/quality.ts';
import type { ConversationLog } from '../../bot/log.ts';
import type { OpenDatabase } from '../../bot/store/database.ts';
import { adminRoutes, type Operations } from './admin-routes.ts';
import { assistRoutes } from './assist-routes.ts';
import { cannedRoutes } from './canned-routes.ts';
import { conversationRoutes } from './conversations.ts';
import { deepConsultationRoutes } from './deep-consultation.ts';
import { deliveryRoutes } from './deliveries.ts';
import { errorHandler, notFoundHandler } from './errors.ts';
import { type ConversationFiles, fileRoutes } from './file-routes.ts';
import { type EditableFlows, flowRoutes } from './flow-routes.ts';
import { allow, sameOrigin } from './guards.ts';
import { historyRoutes } from './history-routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import { type EvaluationTools, evaluationRoutes } from './insight-evaluations.ts';
import { reportRoutes } from './insight-reports.ts';
import { insightRoutes } from './insight-routes.ts';
import { type EditableKnowledge, knowledgeRoutes } from './knowledge-routes.ts';
import { noteRoutes } from './note-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import type { OidcSettings } from './oidc.ts';
import { queueRoutes } from './queue-routes.ts';
import { ratingRoutes } from './rating-routes.ts';
import { agents } from './roles.ts';
import { mounted, type Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import type { SessionLimits } from './sessions.ts';
import { siteOf } from './site.ts';
import { superviseRoutes } from './supervise-routes.ts';
import { switchRoutes } from './switch-routes.ts';
import { type Together, togetherRoutes } from './together-routes.ts';
import { trendRoutes } from './trend-routes.ts';
import { type WebhookAdmin, webhookRoutes } from './webhook-routes.ts';
import { windowRoutes } from './window-routes.ts';
import { type WorkOrderTools, workOrderRoutes } from './work-orders.ts';
import { peopleRoutes } from './work-orders-people.ts';

export interface DeskApiOptions {
  readonly database: OpenDatabase;
  readonly desk: HandoffDesk;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly newId: () => string;
  /** Where the site is reached; https makes the cookie Secure. */
  readonly publicUrl?: string | undefined;
  /** What can be switched off: `model`, `channel:web` … */
  readonly switchNames?: readonly string[] | undefined;
  /** Single sign-on; needs `publicUrl`. */
  readonly oidc?: OidcSettings | undefined;
  /** Whether names and passwords open the desk; default true. */
  readonly passwordLogin?: boolean | undefined;
  /** When sessions end. */
  readonly sessionLimits?: SessionLimits | undefined;
  /** Ready answers from the published knowledge for a question, best first. */
  readonly lookUp: (question: string, limit: number) => Promise<readonly FoundAnswer[]>;
  /** A text as a vector of length 1: finds what means the same. */
  readonly meaning: (text: string) => ArrayLike<number>;
  /** What a knowledge item is called and which department answers for it. */
  readonly itemOf: (itemId: string) => { readonly title: string; readonly department: string | undefined } | undefined;
  /** What quality inspection looks for in the words of staff. */
  readonly qualityWords: QualityWords;
  /** What the service is evaluated by. */
  readonly evaluation: EvaluationTools;
  /** The knowledge editors keep. */
  readonly knowledge: EditableKnowledge;
  /** The guided flows editors keep; without them their routes are left out. */
  readonly flows?: EditableFlows | undefined;
  /** Invitations to fill in a flow together; without it their routes are left out. */
  readonly together?: Together | undefined;
  /** Work orders; without them their routes are left out. */
  readonly work?: WorkOrderTools | undefined;
  /** City and hotline, for canned replies; its districts, for reports. */
  readonly place?: { readonly city: string; readonly hotline: string; readonly districts: readonly string[] } | undefined;
  /** How soon people at the desk should act. */
  readonly limits?: DeskLimits | undefined;
  /** Files of conversations; without them their routes are left out. */
  readonly files?: ConversationFiles | undefined;
  /** How the server fares; without it its route is left out. */
  readonly operations?: (() => Promise<Operations>) | undefined;
  /** What departments' systems are told; without it their routes are left out. */
  readonly webhooks?: WebhookAdmin | undefined;
  /** Skill groups an agent may transfer to, besides `general`. */
  readonly skills?: readonly string[];
  /** Hears of what was answered with 500. */
  readonly onError?: (error: unknown) => void;
  /** Ends the open event streams when the server closes. */
  readonly signal?: AbortSignal;
  /** Between two signs of life on an event stream, milliseconds; default 20 s. */
  readonly heartbeatMs?: number;
}

/** Every route of the staff API; the OpenAPI document and the matrix of permissions are made from this list. */
export function deskRoutes(options: DeskApiOptions): Route[] {
  return [
    ...sessionRoutes(options),
    ...queueRoutes(options),
    ...conversationRoutes(options, agents),
    ...noteRoutes(options),
    ...noticeRoutes(options),
    ...superviseRoutes(options),
    ...(options.together ? togetherRoutes({ ...options, together: options.together }) : []),
    ...historyRoutes(options),
    ...cannedRoutes(options),
    ...(options.files ? fileRoutes({ ...options, files: options.files }) : []),
    ...assistRoutes(options),
    ...ratingRoutes(options),
    ...deliveryRoutes(options),
    ...insightRoutes(options),
    ...trendRoutes(options),
    ...reportRoutes(options),
    ...evaluationRoutes(options),
    ...knowledgeRoutes(options),
    ...(options.flows ? flowRoutes({ ...options, flows: options.flows }) : []),
    ...peopleRoutes(options),
    ...switchRoutes(options),
    ...(options.operations ? adminRoutes({ operations: options.operations }) : []),
    ...incidentRoutes(options),
    ...(options.webhooks ? webhookRoutes(options.webhooks) : []),
    ...windowRoutes(options),
    ...(options.work ? workOrderRoutes({ ...options, work: options.work }) : []),
    ...(options.work ? deepConsultationRoutes({ ...options, work: options.work }) : []),
  ];
}

/** An express router of `deskRoutes`. Every error is JSON `{ error: { code, message } }`. */
export function createDeskApi(options: DeskApiOptions, routes: readonly Route[] = deskRoutes(options)): Router {
  const { database, now } = options;
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  router.use(sameOrigin(siteOf(options).origin));
  router.use(express.json({ limit: '64kb' }));
  router.use(mounted(routes, (roles) => allow(roles, database, now, { secure: siteOf(options).secure, limits: options.sessionLimits })));
  router.use(notFoundHandler);
  router.use(errorHandler(options.onError ?? ((error) => console.error(error))));
  return router;
}
