/** Every route of the server, grouped for the OpenAPI document. A test compares this with what express really serves. */
import { z } from 'zod';
import { FLOW_SCHEMA_PATH } from '../../bot/flows/json-schema.ts';
import { MESSAGES_PATH } from '../../channels/botframework/options.ts';
import { directLineRoutes } from '../../channels/web/directline/describe.ts';
import { DIRECT_LINE_PATH } from '../../channels/web/directline/options.ts';
import { readinessSchema } from '../readiness.ts';
import { EXPORT_PATH } from '../security/personal-data.ts';
import { serviceReportRoutes } from '../service-reports.ts';
import type { DescribedRoute, RouteGroup } from './described.ts';

/** Liveness, readiness and this document. */
const ownRoutes: readonly DescribedRoute[] = [
  { method: 'get', path: '/healthz', summary: 'The process is alive', response: z.object({ status: z.literal('ok') }) },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Ready for citizens, or what is not ready',
    response: readinessSchema,
    errors: { 503: ['not ready'] },
  },
  {
    method: 'get',
    path: FLOW_SCHEMA_PATH,
    summary: 'JSON Schema of the flow language, for editors',
    response: z.looseObject({ title: z.string() }),
  },
  { method: 'get', path: '/openapi.json', summary: 'This document', response: z.looseObject({ openapi: z.string() }) },
];

const personalDataRoutes: readonly DescribedRoute[] = [
  {
    method: 'get',
    path: `${EXPORT_PATH}/{token}`,
    summary: 'The copy of their data a citizen asked for in the conversation; the link holds for an hour',
    params: z.object({ token: z.string() }),
    response: z.looseObject({ notice: z.string() }),
    errors: { 404: ['NotFound'] },
  },
];

const botFrameworkRoutes: readonly DescribedRoute[] = [
  {
    method: 'post',
    path: '',
    summary: 'Bot Framework activities; authorised by the Bot Framework token',
    body: z.looseObject({ type: z.string() }),
    produces: 'application/json',
    errors: { 401: ['unauthorized'] },
  },
];

/** The groups of a running server; `staff` are the routes its staff API really has. */
export function apiGroups(staff: readonly DescribedRoute[]): RouteGroup[] {
  return [
    {
      tag: 'server',
      description: '服务本身 · The server itself',
      prefix: '',
      security: 'none',
      routes: [...ownRoutes, ...personalDataRoutes, ...serviceReportRoutes],
    },
    {
      tag: 'direct-line',
      description: '市民端：网页和应用 · Direct Line 3.0: the web widget and apps',
      prefix: DIRECT_LINE_PATH,
      security: 'directLineToken',
      routes: directLineRoutes,
    },
    {
      tag: 'bot-framework',
      description: '微软机器人服务和模拟器 · Azure Bot Service and Emulator',
      prefix: MESSAGES_PATH,
      security: 'none',
      routes: botFrameworkRoutes,
    },
    {
      tag: 'desk',
      description: '工作人员端：坐席、编辑、分析、主管 · Staff: agents, editors, analysts, supervisors',
      prefix: '/desk/api',
      security: 'deskCookie',
      routes: staff,
    },
  ];
}
