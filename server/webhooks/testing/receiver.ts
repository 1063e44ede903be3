/** A department's system as a test sees it: https on this machine, checks signatures by WebCrypto, as the specification tells receivers to. */
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './certificate.ts';

export interface Received {
  readonly id: string;
  readonly genuine: boolean;
  readonly event: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> };
  readonly text: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** PEM, to be trusted. */
  readonly cert: string;
  readonly received: Received[];
  /** Statuses of the next answers; then 204. */
  readonly answers: number[];
  /** What signatures are checked with, and the moment it is here in epoch milliseconds. */
  trust: { secret: string; now: number };
  close(): void;
}

const toleranceSeconds = 300;

/** Whether one of the signatures is right and the message not too old. */
export async function isGenuine(secret: string, headers: IncomingHttpHeaders, body: string, now: number): Promise<boolean> {
  const raw = Uint8Array.from(atob(secret.slice('whsec_'.length)), (letter) => letter.charCodeAt(0));
  const key = await webcrypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const [id, at] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
  if (Math.abs(now / 1000 - Number(at)) > toleranceSeconds) return false;
  const content = new TextEncoder().encode(`${id}.${at}.${body}`);
  for (const one of String(headers['webhook-signature']).split(' ')) {
    const [version, value = ''] = one.split(',');
    const mac = Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
    if (version === 'v1' && (await webcrypto.subtle.verify('HMAC', key, mac, content))) return true;
  }
  return false;
}

export async function startReceiver(): Promise<Receiver> {
  const { key, cert } = selfSigned();
  const [received, answers]: [Received[], number[]] = [[], []];
  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      void isGenuine(receiver.trust.secret, request.headers, text, receiver.trust.now).then((genuine) => {
        received.push({ id: String(request.headers['webhook-id']), genuine, event: JSON.parse(text), text });
        const code = answers.shift() ?? 204;
        response
          .writeHead(code, code === 302 ? { location: 'https://127.0.0.1/elsewhere' } : { 'retry-after': code === 429 ? '7200' : '' })
          .end();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `https://127.0.0.1:${port}/hook`,
    port,
    cert,
    received,
    answers,
    trust: { secret: `whsec_${btoa('nobody has told us yet')}`, now: 0 },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}
