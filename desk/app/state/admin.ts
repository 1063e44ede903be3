/** How the server fares, for the operators' screen. */
import type { Operations } from '../../api/admin-routes.ts';
import type { Answer, DeskClient } from './client.ts';

export type { Operations };

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
