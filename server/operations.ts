/** What the operator's screen shows of this process and its store. */
import { ON_DUTY_MS } from '../bot/handoff/places.ts';
import { backlog, type Waiting } from '../bot/store/backlog.ts';
import { staffSeenSince } from '../bot/store/staff.ts';
import type { Operations } from '../desk/api/admin-routes.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { Config } from './config.ts';
import type { House } from './house.ts';
import { readiness } from './readiness.ts';

/** Answers how things are whenever it is called. Rejects when the store does. */
export function operationsOf(house: House): () => Promise<Operations> {
  const { config, database, manifest, now } = house;
  const startedAt = new Date(now()).toISOString();
  return async () => {
    const at = now();
    const waits = await backlog(database.db, at);
    const waiting = ({ count, oldest }: Waiting) => ({
      count,
      oldestSeconds: oldest === undefined ? null : Math.max(0, Math.round((at - oldest) / 1000)),
    });
    const totals = house.modelTotals.list();
    const calls = (ok: boolean) => totals.filter((one) => (one.outcome === 'ok') === ok).reduce((sum, one) => sum + one.calls, 0);
    return {
      version: packageFile.version,
      node: process.version,
      startedAt,
      at: new Date(at).toISOString(),
      engine: database.engine,
      pack: { name: manifest.name, city: manifest.city, sample: manifest.sample, items: house.index.items().length },
      index: config.qdrant ? 'qdrant' : 'embedded',
      embeddings: config.embedding ? 'endpoint' : 'built-in',
      model: config.languageModel ? `${new URL(config.languageModel.baseUrl).host} ${config.languageModel.model}` : null,
      modelCalls: { ok: calls(true), failed: calls(false) },
      tracing: config.tracing !== undefined,
      memoryBytes: process.memoryUsage.rss(),
      parts: (await readiness(house, false)).parts,
      inbox: waiting(waits.inbox),
      outbox: waiting(waits.outbox),
      queue: waiting(waits.queue),
      withAgents: waits.withAgents,
      openWorkOrders: waits.openWorkOrders,
      overdueWorkOrders: waits.overdueWorkOrders,
      staffOnline: (await staffSeenSince(database.db, at - ON_DUTY_MS)).length,
      channels: channelsOf(config),
    };
  };
}

/** Every channel there is, and whether this installation has it. */
function channelsOf({ directLineSecret, widgetOrigins, botFramework, wechat, wechaty, sms }: Config): Operations['channels'] {
  return [
    { name: 'web', on: true, detail: directLineSecret ? 'DIRECTLINE_SECRET' : widgetOrigins.join(', ') },
    { name: 'botframework', on: botFramework.appId !== undefined, detail: botFramework.appId ? '' : 'MICROSOFT_APP_ID' },
    {
      name: 'wechat',
      on: wechat !== undefined,
      detail: wechat ? wechat.accounts.map(({ kind, id }) => `${kind} ${id}`).join(', ') : 'WECHAT_OA_*, WECHAT_MP_*',
    },
    { name: 'wechaty', on: wechaty !== undefined, detail: wechaty?.puppet ?? 'WECHATY_PUPPET' },
    { name: 'sms', on: sms !== undefined, detail: sms ? '' : 'SMS_PROVIDER' },
  ];
}
