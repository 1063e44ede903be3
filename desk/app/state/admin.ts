/** How the server fares, for the operators' screen. */
import type { Operations } from '../../api/admin-routes.ts';
import type { EvaluationView, IncidentView } from '../../api/incident-routes.ts';
import type { DeliveryView, WebhookView } from '../../api/webhook-routes.ts';
import type { Answer, DeskClient } from './client.ts';

export type { DeliveryView, EvaluationView, IncidentView, Operations, WebhookView };

export const readOperations = (client: DeskClient): Promise<Answer<Operations>> => client.get('/admin/status');

export const partName: Readonly<Record<string, string>> = {
  server: '服务进程',
  database: '数据库',
  processes: '其他进程',
  knowledge: '知识',
  qdrant: 'Qdrant 索引',
  inbox: '待答消息',
  outbox: '待发回复',
  jobs: '定时任务',
  model: '大模型',
  disk: '磁盘',
};

/** What it means that a part is not configured; the server's own words are English, for the logs. */
export const offMeans: Readonly<Record<string, string>> = {
  processes: 'SQLite 只用一个进程',
  qdrant: '索引在本进程里',
  model: '按有出处的原文回答',
};

export const stateName: Readonly<Record<Operations['parts'][number]['state'], string>> = {
  ok: '正常',
  degraded: '要留意',
  down: '有故障',
  off: '未启用',
};

/** 90 → 1 分 30 秒; a day and more in days and hours. */
export function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} 秒`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分 ${Math.round(seconds % 60)} 秒`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} 小时 ${Math.floor((seconds % 3600) / 60)} 分`;
  return `${Math.floor(seconds / 86_400)} 天 ${Math.floor((seconds % 86_400) / 3600)} 小时`;
}

export const readIncidents = (client: DeskClient): Promise<Answer<IncidentView[]>> => client.get('/admin/incidents');
export const noteIncident = (client: DeskClient, id: number, note: { cause: string; close: boolean }): Promise<Answer<undefined>> =>
  client.put(`/admin/incidents/${id}`, note);
export const readEvaluations = (client: DeskClient): Promise<Answer<EvaluationView[]>> => client.get('/admin/evaluations');
export const readWebhooks = (client: DeskClient): Promise<Answer<WebhookView[]>> => client.get('/admin/webhooks');
export const readFailures = (client: DeskClient, id: string): Promise<Answer<DeliveryView[]>> =>
  client.get(`/admin/webhooks/${encodeURIComponent(id)}/deliveries?status=dead`);
export const switchWebhook = (client: DeskClient, id: string, state: 'on' | 'off'): Promise<Answer<undefined>> =>
  client.put(`/admin/webhooks/${encodeURIComponent(id)}/state`, { state });
export const resendDelivery = (client: DeskClient, id: number): Promise<Answer<undefined>> =>
  client.post(`/admin/webhook-deliveries/${id}/resend`);

/** What of a webhook's kinds it is told. */
export const webhookKind: Readonly<Record<WebhookView['kinds'][number], string>> = {
  demand: '诉求',
  order: '工单',
  follow_up: '回访',
  rating: '评价',
};

/** Why something did not arrive; what the network says is English. */
export const whyNot = ({ code, error }: Pick<DeliveryView, 'code' | 'error'>): string =>
  code === null ? `没有连上（${error ?? '原因不明'}）` : `对方系统返回 ${code}`;

/** 数据库, 微信公众号渠道 … */
export function incidentName(kind: string, channelName: (name: string) => string): string {
  const [part = '', channel] = kind.split(':');
  return channel === undefined ? (partName[part] ?? part) : `${channelName(channel)}发不出去`;
}

/** 3月2日 09:30, as clocks in China show it. */
export const momentOf = (iso: string): string =>
  new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' });
