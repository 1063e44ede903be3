/** What the `wenban knowledge` commands share: the opened store, the pack they speak of, the words they print. */
import type { OpenDatabase } from '../../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../../bot/store/knowledge.ts';
import type { KnowledgeLife, LifeAction, VersionStatus } from '../../knowledge/life/life.ts';
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';
import { withStore } from './with-store.ts';

/** Opens the store for one command and closes it again, whatever happens. */
export async function withKnowledge(
  config: Config,
  work: (repository: KnowledgeLife, database: OpenDatabase) => Promise<number>,
): Promise<number> {
  return withStore(config, (database) => work(new SqlKnowledgeRepository(database), database));
}

/** The named pack, else the configured one. */
export async function packName(config: Config, named: string | undefined): Promise<string> {
  return named ?? (await loadManifest(config.packFolder)).name;
}

export const statusWords: Record<VersionStatus, string> = {
  draft: '草稿 draft',
  reviewed: '已审核 reviewed',
  published: '已发布 published',
  expired: '已停用 expired',
  replaced: '已替换 replaced',
  removed: '已移除 removed',
};

export const actionWords: Record<LifeAction, string> = {
  import: '导入 import',
  save: '保存 save',
  review: '审核 review',
  publish: '发布 publish',
  withdraw: '撤下 withdraw',
  expire: '到期 expire',
  rollback: '恢复 rollback',
  remove: '移除 remove',
};

/** 2026-03-02 10:00, as clocks in China show it. */
export function timeText(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
}
