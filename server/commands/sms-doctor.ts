/** What `wenban doctor` says of SMS: which providers, whether direct lines can be reached, where clouds must push. */
import { connect } from 'node:net';
import { SMS_PATH } from '../../channels/sms/options.ts';
import type { ProviderName, SmsSettings } from '../../channels/sms/settings.ts';

const patienceMs = 3000;

/** One sentence a provider; a problem when a direct line takes no connection. Logs in nowhere: a gateway may allow one line only. */
export async function smsFinding(
  sms: SmsSettings | undefined,
  publicUrl: string | undefined,
): Promise<{ state: 'ok' | 'off' | 'problem'; detail: string }> {
  if (!sms) return { state: 'off', detail: 'no SMS_PROVIDER' };
  const base = `${publicUrl ?? 'https://<PUBLIC_URL>'}${SMS_PATH}`;
  const found = await Promise.all(sms.providers.map((name) => providerFinding(sms, name, base)));
  return { state: found.some(({ ok }) => !ok) ? 'problem' : 'ok', detail: found.map(({ detail }) => detail).join('; fallback: ') };
}

async function providerFinding(sms: SmsSettings, name: ProviderName, base: string): Promise<{ ok: boolean; detail: string }> {
  const line = name === 'cmpp' ? sms.cmpp : name === 'smpp' ? sms.smpp : undefined;
  if (line) {
    const problem = await noConnection(line);
    return { ok: problem === undefined, detail: `${name} ${line.host}:${line.port}${problem ? ` cannot be reached (${problem})` : ''}` };
  }
  if (name === 'twilio') return { ok: true, detail: `twilio, webhook ${base}/twilio` };
  const push = name === 'aliyun' ? sms.aliyun?.push : sms.tencent?.push;
  const guarded = push?.token !== undefined || (push?.sources.length ?? 0) > 0;
  const address = `${base}/${name}${push?.token ? '/<token>' : ''}`;
  return { ok: true, detail: `${name}, push to ${address}${guarded ? '' : ' (only from this machine: no push token, no sources)'}` };
}

function noConnection({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const done = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done());
    socket.once('timeout', () => done(`silent for ${patienceMs / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}
