/** Configuration from the environment (and .env), checked once at start. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type ModelSettings, modelSettings, type RerankSettings } from '../bot/llm/settings.ts';
import { credentialProblems } from '../channels/botframework/credentials.ts';
import { type SmsSettings, smsSettings } from '../channels/sms/settings.ts';
import { type WechatSettings, wechatSettings } from '../channels/wechat/settings.ts';
import { type EndpointSettings, endpointSettings } from '../knowledge/embeddings/endpoint.ts';
import { projectRoot } from './paths.ts';
import { type SecuritySettings, securitySettings } from './security/settings.ts';
import { type TracingSettings, tracingSettings } from './tracing/settings.ts';

const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const environmentSchema = z.object({
  PORT: z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).max(65535).default(3978)),
  HOST: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('127.0.0.1')),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  DATA_DIR: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('./data')),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_DIRECT_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  KNOWLEDGE_PACK: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('anlan')),
  LOG_LEVEL: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ),
  DIRECTLINE_SECRET: optional(z.string().min(16).regex(/^\S+$/, 'must not contain spaces')),
  MICROSOFT_APP_ID: optional(z.string()),
  MICROSOFT_APP_PASSWORD: optional(z.string()),
  MICROSOFT_APP_TENANT_ID: optional(z.string()),
  MICROSOFT_APP_TYPE: optional(z.string()),
  MICROSOFT_CLOUD: optional(z.enum(['china'])),
  QDRANT_URL: optional(z.url({ protocol: /^https?$/ })),
  QDRANT_API_KEY: optional(z.string()),
  QDRANT_QUANTISATION: optional(z.enum(['int8'])),
  QDRANT_PREFIX: optional(z.string().regex(/^[a-z\d][a-z\d_-]{0,60}$/i)),
  WECHATY_PUPPET: optional(z.string().regex(/^[@\w./-]+$/)),
  WECHATY_PUPPET_TOKEN: optional(z.string()),
  QUARTERLY_SUITES: z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean)
        : [],
    z.array(z.string()),
  ),
  WIDGET_ORIGINS: z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean)
        : [],
    z.array(z.union([z.literal('*'), z.url({ protocol: /^https?$/ })])),
  ),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  /** Suites that run by themselves once a quarter, absolute; none: off. */
  readonly quarterlySuites: readonly string[];
  readonly databaseUrl: string | undefined;
  /** The same database without a pooler in between; absent: `databaseUrl`. */
  readonly databaseDirectUrl?: string | undefined;
  /** Absolute folder of the knowledge pack. */
  readonly packFolder: string;
  readonly logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  readonly directLineSecret: string | undefined;
  readonly widgetOrigins: readonly string[];
  /** Azure Bot Service; without an app id only the Emulator on this machine is answered. */
  readonly botFramework: BotFrameworkCredentials;
  /** Absent: the local recogniser and cited extracts answer. */
  readonly languageModel: ModelSettings | undefined;
  readonly rerank: RerankSettings | undefined;
  /** Absent: the index is in this process. */
  readonly qdrant: QdrantTarget | undefined;
  /** Absent: the built-in embeddings. */
  readonly embedding: EndpointSettings | undefined;
  /** Absent: no WeChat account is configured. */
  readonly wechat: WechatSettings | undefined;
  /** Absent: no puppet is configured. */
  readonly wechaty: { readonly puppet: string; readonly token: string | undefined } | undefined;
  /** Absent: no SMS provider is configured. */
  readonly sms: SmsSettings | undefined;
  readonly security: SecuritySettings;
  /** Absent: no spans are made. */
  readonly tracing: TracingSettings | undefined;
}

export interface QdrantTarget {
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly quantisation?: 'int8' | undefined;
  /** Before the names of collections; absent: `wenban-` and the pack's name. */
  readonly prefix?: string | undefined;
}

export interface BotFrameworkCredentials {
  readonly appId?: string | undefined;
  readonly appPassword?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly appType?: string | undefined;
  readonly cloud?: 'china' | undefined;
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Parses an environment. Problems name the offending key and what it should be. */
export function parseConfig(environment: NodeJS.ProcessEnv, root: string = projectRoot()): ConfigResult {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const values = parsed.data;
  const named = join(root, 'knowledge', 'packs', values.KNOWLEDGE_PACK);
  const packFolder = /^[\w-]+$/.test(values.KNOWLEDGE_PACK) ? named : resolve(values.KNOWLEDGE_PACK);
  if (!existsSync(join(packFolder, 'pack.yaml'))) return { ok: false, problems: [`KNOWLEDGE_PACK: ${packFolder} has no pack.yaml`] };
  const botFramework = {
    appId: values.MICROSOFT_APP_ID,
    appPassword: values.MICROSOFT_APP_PASSWORD,
    tenantId: values.MICROSOFT_APP_TENANT_ID,
    appType: values.MICROSOFT_APP_TYPE,
    cloud: values.MICROSOFT_CLOUD,
  };
  const halfConfigured = credentialProblems(botFramework);
  if (halfConfigured.length > 0) return { ok: false, problems: halfConfigured };
  const models = modelSettings(environment);
  if (!models.ok) return models;
  const embedding = endpointSettings(environment);
  if (!embedding.ok) return embedding;
  if (values.WECHATY_PUPPET_TOKEN && !values.WECHATY_PUPPET)
    return { ok: false, problems: ['WECHATY_PUPPET: is missing, although WECHATY_PUPPET_TOKEN is set'] };
  const wechat = wechatSettings(environment);
  if (!wechat.ok) return wechat;
  const sms = smsSettings(environment);
  if (!sms.ok) return sms;
  const security = securitySettings(environment);
  if (!security.ok) return security;
  const tracing = tracingSettings(environment);
  if (!tracing.ok) return tracing;
  return {
    ok: true,
    config: {
      port: values.PORT,
      host: values.HOST,
      publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
      dataDir: resolve(values.DATA_DIR),
      quarterlySuites: values.QUARTERLY_SUITES.map((file) => resolve(projectRoot(), file)),
      databaseUrl: values.DATABASE_URL,
      databaseDirectUrl: values.DATABASE_DIRECT_URL,
      packFolder,
      logLevel: values.LOG_LEVEL,
      directLineSecret: values.DIRECTLINE_SECRET,
      widgetOrigins: values.WIDGET_ORIGINS,
      botFramework,
      languageModel: models.model,
      rerank: models.rerank,
      qdrant: values.QDRANT_URL
        ? { url: values.QDRANT_URL, apiKey: values.QDRANT_API_KEY, quantisation: values.QDRANT_QUANTISATION, prefix: values.QDRANT_PREFIX }
        : undefined,
      embedding: embedding.endpoint,
      wechat: wechat.wechat,
      wechaty: values.WECHATY_PUPPET ? { puppet: values.WECHATY_PUPPET, token: values.WECHATY_PUPPET_TOKEN } : undefined,
      sms: sms.sms,
      security: security.security,
      tracing: tracing.tracing,
    },
  };
}

/** Reads `.env` of the working directory if there is one, then the environment; the environment wins. */
export function loadConfig(): ConfigResult {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseConfig(process.env);
}
