/** Over real HTTP, server and clients in different processes: an answer at the widget, a WeChat push, and the bare echo of the same run. */
import { randomBytes, randomUUID } from 'node:crypto';
import { aesKey, encrypt } from '../../channels/wechat/codec/cipher.ts';
import { sign } from '../../channels/wechat/codec/signature.ts';
import { cdata } from '../../channels/wechat/codec/xml.ts';
import { startWorker } from './child.ts';
import { arrive, type Citizen, postJson } from './directline-client.ts';
import { measureLoad, type Row } from './sample.ts';
import { inFolder, learnt } from './throw-away.ts';

export interface HttpOptions {
  readonly concurrent: number;
  readonly seconds: number;
  readonly questions: readonly string[];
}

/** An account that exists nowhere; its interface address answers nobody. */
const account = {
  appId: 'wx00000000000000be',
  token: 'benchtoken2026',
  aesKey: randomBytes(33).toString('base64').replace(/[+/]/g, 'A').slice(0, 43),
};
const wechatEnvironment = {
  WECHAT_OA_APP_ID: account.appId,
  WECHAT_OA_APP_SECRET: 'bench',
  WECHAT_OA_TOKEN: account.token,
  WECHAT_OA_ENCODING_AES_KEY: account.aesKey,
  WECHAT_API_BASE_URL: 'http://127.0.0.1:9',
};
const citizenTurns = 8;

/** The bare echo: express and a WebSocket that give back what they get. */
export async function benchEcho({ concurrent, seconds, questions }: HttpOptions): Promise<Row[]> {
  const echo = await startWorker('echo');
  try {
    let next = 0;
    const body = () => ({ type: 'message', from: { id: 'bench' }, text: questions[next++ % questions.length] });
    const load = { concurrent, seconds, cpu: echo.cpu };
    return [
      await measureLoad(
        { ...load, id: 'echo', name: 'bare express echo over HTTP' },
        async () => void (await postJson(`${echo.url}/`, body())),
      ),
    ];
  } finally {
    await echo.stop();
  }
}

/** An answer at the widget (`answer-http`) and a push of WeChat until it is acknowledged (`wechat`), of one server. */
export async function benchHttp(only: (id: string) => boolean, { concurrent, seconds, questions }: HttpOptions): Promise<Row[]> {
  return inFolder(async (dataDir) => {
    const server = await startWorker('server', { dataDir, environment: wechatEnvironment });
    try {
      await learnt(dataDir);
      const rows: Row[] = [];
      const load = { concurrent, seconds, cpu: server.cpu };
      let next = 0;
      const question = () => questions[next++ % questions.length] as string;
      if (only('answer-http')) {
        const citizens = new Map<number, { citizen: Citizen; left: number }>();
        rows.push(
          await measureLoad({ ...load, id: 'answer-http', name: 'answer at the widget: HTTP in, WebSocket out' }, async (worker) => {
            const known = citizens.get(worker);
            if (known?.left === 0) known.citizen.close();
            const talk = known && known.left > 0 ? known : { citizen: await arrive(server.url), left: citizenTurns };
            talk.left--;
            citizens.set(worker, talk);
            await talk.citizen.ask(question());
          }),
        );
        for (const { citizen } of citizens.values()) citizen.close();
      }
      if (only('wechat')) {
        let id = 10_000_000;
        rows.push(
          await measureLoad({ ...load, id: 'wechat', name: 'WeChat push, encrypted, to its acknowledgement' }, (worker) =>
            push(server.url, `openid-${worker}-${Math.floor(id / 100)}`, question(), id++),
          ),
        );
      }
      return rows;
    } finally {
      await server.stop();
    }
  });
}

/** One encrypted text message as the platform posts it. Resolves when it is acknowledged, with or without an answer. */
async function push(base: string, openid: string, text: string, id: number): Promise<void> {
  const at = String(Math.floor(Date.now() / 1000));
  const xml = `<xml><ToUserName>${cdata('gh_bench')}</ToUserName><FromUserName>${cdata(openid)}</FromUserName><CreateTime>${at}</CreateTime><MsgType>${cdata('text')}</MsgType><Content>${cdata(text)}</Content><MsgId>${id}</MsgId></xml>`;
  const encrypted = encrypt(aesKey(account.aesKey), account.appId, xml, randomBytes(16));
  const nonce = randomUUID();
  const query = new URLSearchParams({
    timestamp: at,
    nonce,
    signature: sign(account.token, at, nonce),
    openid,
    encrypt_type: 'aes',
    msg_signature: sign(account.token, at, nonce, encrypted),
  });
  const body = `<xml><ToUserName>${cdata('gh_bench')}</ToUserName><Encrypt>${cdata(encrypted)}</Encrypt></xml>`;
  await postJson(`${base}/channels/wechat/official-account?${query}`, body, { 'content-type': 'text/xml' });
}
