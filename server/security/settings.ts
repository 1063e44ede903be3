/** The settings of signing in, proxies, keys and keeping: checked at start, a wrong one is named. */
import { z } from 'zod';
import { type KeyTexts, parseKeys } from '../../bot/store/sealing/key-ring.ts';
import type { StaffRole } from '../../bot/store/staff.ts';
import type { OidcSettings } from '../../desk/api/oidc.ts';
import { defaultSessionLimits, type SessionLimits } from '../../desk/api/sessions.ts';
import { isNetwork } from '../webhooks/address.ts';

export interface SecuritySettings {
  /** Absent: no single sign-on. */
  readonly oidc: OidcSettings | undefined;
  readonly passwordLogin: boolean;
  readonly sessions: SessionLimits;
  /** As express's `trust proxy`: how many proxies stand before us, or their addresses; false: none. */
  readonly trustProxy: number | string[] | false;
  /** Absent: a key file in DATA_DIR for SQLite, nothing sealed for PostgreSQL. */
  readonly dataKeys: KeyTexts | undefined;
  /** Days that conversations, uploads and so on are kept; undefined: for ever. */
  readonly retention: Readonly<Record<RetentionKey, number | undefined>>;
  /** Tokens of the language model: for one visitor in a day, for all together in a day; undefined: no limit. */
  readonly modelBudget: { readonly perVisitor: number | undefined; readonly perDay: number | undefined };
  /** Messages of one conversation in a minute on WeChat, SMS and other chat channels. */
  readonly chatPerMinute: number;
  /** Minutes until an incident of a kind must be settled; `default` for the others. */
  readonly incidentMinutes: Readonly<Record<string, number>>;
  /** Networks (`10.0.0.0/8`) that webhooks may reach although they are not on the internet. */
  readonly innerNetworks: readonly string[];
}

export const retentionKeys = ['conversations', 'uploads', 'ratings', 'workOrders', 'access', 'requests'] as const;
export type RetentionKey = (typeof retentionKeys)[number];

/** What citizens feel at once comes first. */
const incidentMinutes = { database: 30, disk: 60, channel: 60, qdrant: 120, model: 240, default: 240 };

const blank = (value: unknown) => (value === '' ? undefined : value);
const text = z.preprocess(blank, z.string().trim().optional());
const flag = (otherwise: boolean) =>
  z.preprocess(
    blank,
    z
      .enum(['true', 'false'])
      .optional()
      .transform((value) => (value === undefined ? otherwise : value === 'true')),
  );
const count = (least: number) => z.preprocess(blank, z.coerce.number().int().min(least).optional());

const schema = z.object({
  OIDC_ISSUER: z.preprocess(blank, z.url({ protocol: /^https?$/ }).optional()),
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
  OIDC_ROLE_CLAIM: text,
  OIDC_ROLES: text,
  OIDC_NAME_CLAIM: text,
  OIDC_SCOPE: text,
  PASSWORD_LOGIN: flag(true),
  DESK_IDLE_MINUTES: count(1),
  DESK_SESSION_HOURS: count(1),
  TRUST_PROXY: text,
  DATA_KEYS: text,
  KEEP_CONVERSATIONS_DAYS: count(180),
  KEEP_UPLOADS_DAYS: count(1),
  KEEP_RATINGS_DAYS: count(1),
  KEEP_WORK_ORDERS_DAYS: count(180),
  KEEP_ACCESS_DAYS: count(180),
  KEEP_REQUESTS_DAYS: count(180),
  MODEL_TOKENS_PER_VISITOR: count(1),
  MODEL_TOKENS_PER_DAY: count(1),
  CHAT_MESSAGES_PER_MINUTE: count(4),
  INCIDENT_DUE_MINUTES: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every((one) => /^[a-z]+:[1-9]\d{0,5}$/.test(one)), 'write it as database:30,channel:60,default:240')
    .transform((list) => Object.fromEntries(list.map((one) => [one.split(':')[0], Number(one.split(':')[1])] as const))),
  WEBHOOK_INNER_NETWORKS: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(isNetwork), 'write networks as 10.20.0.0/16,fd00::/8'),
});

const roleNames: readonly string[] = ['agent', 'editor', 'analyst', 'supervisor', 'admin'] satisfies StaffRole[];
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Reads the settings. Problems name the key. */
export function securitySettings(
  environment: NodeJS.ProcessEnv,
): { ok: true; security: SecuritySettings } | { ok: false; problems: string[] } {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const values = parsed.data;
  const problems: string[] = [];
  const oidc = oidcSettings(values, environment.PUBLIC_URL, problems);
  if (!values.PASSWORD_LOGIN && oidc === undefined && problems.length === 0)
    problems.push('PASSWORD_LOGIN: can be false only with OIDC_ISSUER, or nobody could sign in');
  const keys = values.DATA_KEYS === undefined ? undefined : parseKeys(values.DATA_KEYS);
  if (keys && !keys.ok) problems.push(`DATA_KEYS: ${keys.problem}`);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    security: {
      oidc,
      passwordLogin: values.PASSWORD_LOGIN,
      sessions: {
        idleMs: values.DESK_IDLE_MINUTES === undefined ? defaultSessionLimits.idleMs : values.DESK_IDLE_MINUTES * 60_000,
        absoluteMs: values.DESK_SESSION_HOURS === undefined ? defaultSessionLimits.absoluteMs : values.DESK_SESSION_HOURS * 3_600_000,
      },
      trustProxy: trustProxyOf(values.TRUST_PROXY),
      dataKeys: keys?.ok ? keys.keys : undefined,
      retention: {
        conversations: values.KEEP_CONVERSATIONS_DAYS,
        uploads: values.KEEP_UPLOADS_DAYS,
        ratings: values.KEEP_RATINGS_DAYS,
        workOrders: values.KEEP_WORK_ORDERS_DAYS,
        access: values.KEEP_ACCESS_DAYS,
        requests: values.KEEP_REQUESTS_DAYS,
      },
      modelBudget: { perVisitor: values.MODEL_TOKENS_PER_VISITOR, perDay: values.MODEL_TOKENS_PER_DAY },
      chatPerMinute: values.CHAT_MESSAGES_PER_MINUTE ?? 60,
      incidentMinutes: { ...incidentMinutes, ...values.INCIDENT_DUE_MINUTES },
      innerNetworks: values.WEBHOOK_INNER_NETWORKS,
    },
  };
}

function oidcSettings(values: z.infer<typeof schema>, publicUrl: string | undefined, problems: string[]): OidcSettings | undefined {
  if (values.OIDC_ISSUER === undefined) {
    for (const key of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_ROLES'] as const)
      if (values[key] !== undefined) problems.push(`OIDC_ISSUER: is missing, although ${key} is set`);
    return undefined;
  }
  const issuer = new URL(values.OIDC_ISSUER);
  if (issuer.protocol === 'http:' && !loopback.test(issuer.hostname)) problems.push('OIDC_ISSUER: must be https');
  if (values.OIDC_CLIENT_ID === undefined) problems.push('OIDC_CLIENT_ID: is missing');
  if (!publicUrl) problems.push('PUBLIC_URL: is needed for OIDC_ISSUER: the provider sends people back there');
  const roles = (values.OIDC_ROLES ?? '').split(',').flatMap((pair) => {
    const at = pair.lastIndexOf(':');
    const [value, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at > 0 && value !== '' && roleNames.includes(role)) return [{ value, role: role as StaffRole }];
    problems.push(`OIDC_ROLES: write it as group:role,group:role with the roles ${roleNames.join(', ')}`);
    return [];
  });
  return {
    issuer: values.OIDC_ISSUER,
    clientId: values.OIDC_CLIENT_ID ?? '',
    clientSecret: values.OIDC_CLIENT_SECRET,
    roleClaim: values.OIDC_ROLE_CLAIM ?? 'roles',
    roles,
    nameClaim: values.OIDC_NAME_CLAIM ?? 'preferred_username',
    scope: values.OIDC_SCOPE ?? 'openid profile',
  };
}

function trustProxyOf(value: string | undefined): number | string[] | false {
  if (value === undefined || value === 'false' || value === '0') return false;
  return /^\d+$/.test(value) ? Number(value) : value.split(',').map((one) => one.trim());
}
