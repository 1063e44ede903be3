/** The WECHAT_* keys: one official account and one mini-program directly, any number in a file. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { accountProblems, accountSchema, accountsSchema, type WechatAccount } from './accounts.ts';
import type { Transcription } from './options.ts';

export interface WechatSettings {
  readonly accounts: readonly WechatAccount[];
  readonly apiBaseUrl: string;
  readonly transcription: Transcription | undefined;
}
export type WechatSettingsResult = { ok: true; wechat: WechatSettings | undefined } | { ok: false; problems: string[] };

const required = { APP_ID: 'appId', APP_SECRET: 'appSecret', TOKEN: 'token' } as const;
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));

/** Reads the keys; `wechat` is undefined when none is set. Problems name the key and what it should be: a half-configured account is one. */
export function wechatSettings(environment: NodeJS.ProcessEnv): WechatSettingsResult {
  const problems: string[] = [];
  const accounts = [
    ...direct(environment, 'WECHAT_OA', 'official-account', problems),
    ...direct(environment, 'WECHAT_MP', 'mini-program', problems),
    ...fromFile(environment.WECHAT_ACCOUNTS, problems),
  ];
  problems.push(...accountProblems(accounts).map((problem) => `WECHAT_ACCOUNTS: ${problem}`));
  const apiBaseUrl = url.safeParse(environment.WECHAT_API_BASE_URL || 'https://api.weixin.qq.com');
  if (!apiBaseUrl.success) problems.push('WECHAT_API_BASE_URL: must be an http(s) address');
  const transcription = transcriptionOf(environment, problems);
  if (problems.length > 0 || !apiBaseUrl.success) return { ok: false, problems };
  return { ok: true, wechat: accounts.length === 0 ? undefined : { accounts, apiBaseUrl: apiBaseUrl.data, transcription } };
}

function direct(environment: NodeJS.ProcessEnv, prefix: string, kind: WechatAccount['kind'], problems: string[]): WechatAccount[] {
  const value = (name: string): string | undefined => environment[`${prefix}_${name}`]?.trim() || undefined;
  const missing = Object.keys(required).filter((name) => value(name) === undefined);
  const extras = ['ENCODING_AES_KEY', ...(kind === 'official-account' ? ['TYPE'] : [])].filter((name) => value(name) !== undefined);
  if (missing.length === Object.keys(required).length && extras.length === 0) return [];
  if (missing.length > 0) {
    problems.push(...missing.map((name) => `${prefix}_${name}: is missing, although other ${prefix}_ keys are set`));
    return [];
  }
  const parsed = accountSchema.safeParse({
    id: 'default',
    kind,
    ...Object.fromEntries(Object.entries(required).map(([name, field]) => [field, value(name)])),
    aesKeys:
      value('ENCODING_AES_KEY')
        ?.split(',')
        .map((key) => key.trim()) ?? [],
    ...(value('TYPE') ? { type: value('TYPE') } : {}),
    unionId: environment.WECHAT_UNION_ID?.trim() === 'true',
  });
  if (parsed.success) return [parsed.data];
  const keyOf: Record<string, string> = {
    appId: 'APP_ID',
    appSecret: 'APP_SECRET',
    token: 'TOKEN',
    aesKeys: 'ENCODING_AES_KEY',
    type: 'TYPE',
  };
  problems.push(...parsed.error.issues.map(({ path, message }) => `${prefix}_${keyOf[String(path[0])] ?? String(path[0])}: ${message}`));
  return [];
}

/** A YAML or JSON list of accounts. */
function fromFile(path: string | undefined, problems: string[]): WechatAccount[] {
  if (!path) return [];
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`WECHAT_ACCOUNTS: ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  const parsed = accountsSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  // Values are secrets: only where something is wrong is told, and what it should be.
  problems.push(...parsed.error.issues.map((issue) => `WECHAT_ACCOUNTS: ${path}: ${issue.path.join('.') || 'list'}: ${issue.message}`));
  return [];
}

function transcriptionOf(environment: NodeJS.ProcessEnv, problems: string[]): Transcription | undefined {
  const base = environment.WECHAT_TRANSCRIPTION_BASE_URL;
  if (!base) {
    if (environment.WECHAT_TRANSCRIPTION_API_KEY || environment.WECHAT_TRANSCRIPTION_MODEL)
      problems.push('WECHAT_TRANSCRIPTION_BASE_URL: is missing, although other WECHAT_TRANSCRIPTION_ keys are set');
    return undefined;
  }
  const parsed = url.safeParse(base);
  if (!parsed.success) problems.push('WECHAT_TRANSCRIPTION_BASE_URL: must be an http(s) address');
  return {
    baseUrl: parsed.data ?? base,
    apiKey: environment.WECHAT_TRANSCRIPTION_API_KEY || undefined,
    model: environment.WECHAT_TRANSCRIPTION_MODEL || 'whisper-1',
  };
}
