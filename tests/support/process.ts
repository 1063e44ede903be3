/** The real server as a process of its own, and a Direct Line client that knows nothing but HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from '../../bot/activity.ts';
import { ensureBuilt } from './build.ts';

export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it logged. */
  readonly log: () => string;
  /** kill -9, now. */
  kill(): Promise<void>;
  /** As an operator stops it; its exit code. */
  stop(): Promise<number | null>;
}

const startAtMostMs = 120_000;
/** Servers that nobody has ended yet. */
const running = new Set<ChildProcess>();

/** Ends what a failed test left behind; call it in `afterAll`. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts `wenban serve` on a free port. Rejects with its log when it ends before it listens. */
export async function startServer(dataDir: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const bundle = await ensureBuilt();
  const child = spawn(process.execPath, [bundle, 'serve'], {
    // Away from the project: no .env of a developer is read.
    cwd: tmpdir(),
    // Its people write faster than any citizen.
    env: {
      PATH: process.env.PATH,
      TZ: 'Asia/Shanghai',
      PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      CHAT_MESSAGES_PER_MINUTE: '1000000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let logged = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (logged += data));
  running.add(child);
  child.once('exit', () => running.delete(child));
  const ended = once(child, 'exit');
  const deadline = Date.now() + startAtMostMs;
  let url: string | undefined;
  while (url === undefined) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start:\n${said}${logged}`);
    }
    const printed = /(https?:\/\/[\w.:]+)\/\s/.exec(said)?.[1];
    // With a PUBLIC_URL that is printed: the port was chosen then.
    url = printed && env.PUBLIC_URL ? `http://127.0.0.1:${env.PORT}` : printed;
    await sleep(10);
  }
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  };
  return { url, process: child, log: () => logged, kill, stop };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly json: any;
  readonly text: string;
}

/** One HTTP request; the body is sent as it is, objects as JSON. Rejects only when there is no answer at all. */
export async function call(
  url: string,
  method: string,
  { token, body, headers = {} }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const raw = body === undefined || typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, json, text };
}

/** A conversation over Direct Line's REST; survives restarts of the server: only `url` changes. */
export interface Talk {
  readonly conversationId: string;
  readonly token: string;
}

export const directLine = (url: string): string => `${url}/v3/directline`;

export async function startTalk(url: string): Promise<Talk> {
  const grant = await call(`${directLine(url)}/tokens/generate`, 'POST', { body: {} });
  const started = await call(`${directLine(url)}/conversations`, 'POST', { token: grant.json.token });
  if (started.status !== 201) throw new Error(`starting a conversation: ${started.status} ${started.text}`);
  return { conversationId: started.json.conversationId, token: started.json.token };
}

/** Posts one message. `clientId` makes a repetition of it the same message. */
export function post(url: string, talk: Talk, text: string, clientId: string): Promise<Answer> {
  return call(`${directLine(url)}/conversations/${talk.conversationId}/activities`, 'POST', {
    token: talk.token,
    body: { type: 'message', from: { id: 'x' }, text, channelData: { clientActivityID: clientId } },
  });
}

/** Everything after `watermark`. */
export async function read(url: string, talk: Talk, watermark = '0'): Promise<{ activities: Activity[]; watermark: string }> {
  const all: Activity[] = [];
  let at = watermark;
  for (;;) {
    const answer = await call(`${directLine(url)}/conversations/${talk.conversationId}/activities?watermark=${at}`, 'GET', {
      token: talk.token,
    });
    if (answer.status !== 200) throw new Error(`reading: ${answer.status} ${answer.text}`);
    all.push(...answer.json.activities);
    if (answer.json.watermark === at) return { activities: all, watermark: at };
    at = answer.json.watermark;
  }
}

/** Says something and waits for the bot's answer to it. */
export async function ask(url: string, talk: Talk, text: string): Promise<string> {
  const { watermark } = await read(url, talk);
  const posted = await post(url, talk, text, `${Math.random()}`);
  if (posted.status !== 200) throw new Error(`posting: ${posted.status} ${posted.text}`);
  for (let tries = 0; tries < 500; tries++) {
    const { activities } = await read(url, talk, watermark);
    const answer = activities.find((activity) => activity.type === 'message' && activity.replyToId === posted.json.id);
    if (answer) return answer.text ?? '';
    await sleep(20);
  }
  throw new Error(`no answer to ${text}`);
}
