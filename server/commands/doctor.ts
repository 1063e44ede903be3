/** `wenban doctor`: what is configured, what is embedded, what is off, what can't be reached. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCalendars } from '../../bot/calendar/calendars.ts';
import { noticeKnown } from '../../bot/calendar/holidays.ts';
import { mask } from '../../bot/safety/mask.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../../bot/store/knowledge.ts';
import { listStaff } from '../../bot/store/staff.ts';
import { loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import type { Config } from '../config.ts';
import { builtInModel, qdrantOf } from '../knowledge-index.ts';
import { loadManifest } from '../manifest.ts';
import { projectRoot } from '../paths.ts';
import { storeOf } from '../security/store.ts';
import { unreachable } from './reach.ts';
import { smsFinding } from './sms-doctor.ts';

interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'embedded' | 'off' | 'problem';
  readonly detail: string;
}

const marks: Record<Finding['state'], string> = { ok: '正常 ok', embedded: '内置 embedded', off: '关闭 off', problem: '有问题 PROBLEM' };

/** Prints the findings. Exit code 1 when something is wrong. */
export async function doctorCommand(config: Config, flags: { json?: boolean }): Promise<number> {
  const findings = await examine(config);
  for (const finding of findings)
    console.log(flags.json ? JSON.stringify(finding) : `${finding.part.padEnd(22)} ${marks[finding.state].padEnd(16)} ${finding.detail}`);
  return findings.some((finding) => finding.state === 'problem') ? 1 : 0;
}

async function examine(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [{ part: 'node', state: 'ok', detail: process.version }];
  findings.push(...(await storeFindings(config)));
  const built = existsSync(join(projectRoot(), 'dist', 'web', 'widget.js'));
  findings.push({
    part: 'web widget and desk',
    state: built ? 'ok' : 'problem',
    detail: built ? 'built' : 'not built: run `npm run build`',
  });
  findings.push({
    part: 'Direct Line',
    state: 'ok',
    detail: config.directLineSecret
      ? 'tokens need DIRECTLINE_SECRET'
      : `anonymous tokens for this server's own pages${config.widgetOrigins.length > 0 ? ` and ${config.widgetOrigins.join(', ')}` : ''}`,
  });
  const { appId } = config.botFramework;
  findings.push({ part: 'Bot Framework', state: 'ok', detail: appId ? `app ${appId}` : 'no app id: only the Emulator on this machine' });
  findings.push(await modelFinding(config), await rerankFinding(config), await indexFinding(config), await embeddingsFinding(config));
  findings.push(await calendarFinding(config));
  findings.push(wechatFinding(config));
  findings.push({ part: 'wechaty', state: config.wechaty ? 'ok' : 'off', detail: config.wechaty?.puppet ?? 'no WECHATY_PUPPET' });
  findings.push(await tracingFinding(config));
  findings.push({ part: 'SMS', ...(await smsFinding(config.sms, config.publicUrl)) });
  return findings;
}

/** A year whose holiday notice the installed package doesn't know is counted by weekdays alone. */
async function calendarFinding({ packFolder }: Config): Promise<Finding> {
  const part = 'staff calendar';
  try {
    await loadCalendars(packFolder);
  } catch (error) {
    return { part, state: 'problem', detail: error instanceof Error ? error.message : String(error) };
  }
  const year = new Date().getFullYear();
  const known = [year, year + 1].filter((one) => noticeKnown(one));
  const detail = `holidays known for ${known.join(', ') || 'no year'}${known.length < 2 ? '; a newer chinese-days brings the next notice' : ''}`;
  return { part, state: known.includes(year) ? 'ok' : 'problem', detail };
}

async function modelFinding({ languageModel }: Config): Promise<Finding> {
  const part = 'language model';
  if (!languageModel) return { part, state: 'off', detail: 'no OPENAI_MODEL: the local recogniser and cited extracts answer' };
  const problem = await unreachable(languageModel, 'OPENAI_API_KEY');
  const where = `${languageModel.model} at ${languageModel.baseUrl}`;
  if (problem) return found(part, where, problem);
  const { probeEndpoint, probeWords } = await import('../../bot/llm/probe.ts');
  const probe = await probeEndpoint({ ...languageModel, mask });
  return { part, state: probe.ok ? 'ok' : 'problem', detail: `${where}: ${probeWords(probe)}` };
}

/** A collector that is down costs no citizen anything: its spans are dropped. */
async function tracingFinding({ tracing }: Config): Promise<Finding> {
  const part = 'tracing';
  if (!tracing) return { part, state: 'off', detail: 'no OTEL_EXPORTER_OTLP_ENDPOINT' };
  try {
    const answer = await fetch(`${tracing.endpoint}/v1/traces`, {
      method: 'POST',
      headers: { ...tracing.headers, 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
      signal: AbortSignal.timeout(3000),
    });
    return found(part, tracing.endpoint, answer.ok ? undefined : `answers ${answer.status}`);
  } catch {
    return found(part, tracing.endpoint, 'cannot be reached');
  }
}

async function rerankFinding({ rerank }: Config): Promise<Finding> {
  const part = 'reranking';
  if (!rerank) return { part, state: 'off', detail: 'no RERANK_BASE_URL' };
  return found(part, `${rerank.model} at ${rerank.baseUrl}`, await unreachable(rerank, 'RERANK_API_KEY'));
}

async function indexFinding({ qdrant, packFolder }: Config): Promise<Finding> {
  const part = 'knowledge index';
  if (!qdrant) return { part, state: 'embedded', detail: 'in process: words, names and vectors (no QDRANT_URL)' };
  const { qdrantHealth } = await import('../../knowledge/index/qdrant/health.ts');
  const { name } = await loadManifest(packFolder);
  const { ok, summary } = await qdrantHealth(qdrantOf(qdrant, name));
  return { part, state: ok ? 'ok' : 'problem', detail: summary };
}

async function embeddingsFinding({ embedding }: Config): Promise<Finding> {
  const part = 'embeddings';
  if (embedding) return found(part, `${embedding.model} at ${embedding.baseUrl}`, await unreachable(embedding, 'EMBEDDING_API_KEY'));
  try {
    const { id, dimensions } = await loadStaticEmbedder(builtInModel());
    return { part, state: 'embedded', detail: `${id}, ${dimensions} dimensions (no EMBEDDING_BASE_URL)` };
  } catch (error) {
    return { part, state: 'problem', detail: error instanceof Error ? error.message : String(error) };
  }
}

function found(part: string, what: string, problem: string | undefined): Finding {
  return problem ? { part, state: 'problem', detail: `${what} ${problem}` } : { part, state: 'ok', detail: what };
}

function wechatFinding({ wechat, publicUrl }: Config): Finding {
  if (!wechat) return { part: 'WeChat', state: 'off', detail: 'no WECHAT_OA_*, WECHAT_MP_* or WECHAT_ACCOUNTS' };
  const base = publicUrl ?? 'https://<PUBLIC_URL>';
  const accounts = wechat.accounts.map(
    ({ kind, id, aesKeys }) =>
      `${base}/channels/wechat/${kind}${id === 'default' ? '' : `/${id}`} (${aesKeys.length > 0 ? 'encrypted' : 'PLAIN TEXT'})`,
  );
  return { part: 'WeChat', state: 'ok', detail: accounts.join(', ') };
}

async function storeFindings(config: Config): Promise<Finding[]> {
  const where = config.databaseUrl ? `PostgreSQL at ${new URL(config.databaseUrl).host}` : `SQLite in ${config.dataDir}`;
  try {
    const manifest = await loadManifest(config.packFolder);
    const database = await openDatabase(storeOf(config));
    try {
      const items = await new SqlKnowledgeRepository(database).list({ pack: manifest.name, status: 'published' });
      const staff = await listStaff(database.db);
      const kinds = new Map<string, number>();
      for (const { item } of items) kinds.set(item.kind, (kinds.get(item.kind) ?? 0) + 1);
      const counted = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
      return [
        { part: 'store', state: config.databaseUrl ? 'ok' : 'embedded', detail: where },
        {
          part: 'knowledge pack',
          state: 'ok',
          detail: `${manifest.name}（${manifest.city}${manifest.sample ? '，sample' : ''}）: ${counted || 'empty, imported at first start'}`,
        },
        {
          part: 'staff accounts',
          state: staff.length > 0 ? 'ok' : 'off',
          detail: staff.length > 0 ? `${staff.length}` : 'none: `wenban user add NAME --role agent`',
        },
      ];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [{ part: 'store', state: 'problem', detail: `${where}: ${error instanceof Error ? error.message : String(error)}` }];
  }
}
