/** A Bot Connector for tests: takes what the bot sends, checks its shape, and can be out of order. Also Azure's signing keys. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';

const account = z.looseObject({ id: z.string().min(1), name: z.string().optional() });
/** What Bot Connector REST API 3.0 needs of an activity, and what it would not understand. */
const sentSchema = z
  .looseObject({
    type: z.enum(['message', 'event']),
    channelId: z.string(),
    serviceUrl: z.url(),
    conversation: z.looseObject({ id: z.string() }),
    from: account,
    recipient: account,
    timestamp: z.iso.datetime(),
    text: z.string().optional(),
    name: z.string().optional(),
    attachments: z.array(z.looseObject({ contentType: z.string() })).optional(),
    suggestedActions: z
      .object({ to: z.array(z.string()), actions: z.array(z.looseObject({ type: z.string(), title: z.string() })) })
      .optional(),
    entities: z.array(z.looseObject({ type: z.string() })).optional(),
  })
  .refine((one) => one.id === undefined && one.seq === undefined, 'ids and numbers of our log stay at home');
export type Sent = z.infer<typeof sentSchema> & { readonly conversationInPath: string; readonly activityInPath: string | undefined };

export type Connector = Awaited<ReturnType<typeof startConnector>>;

export async function startConnector() {
  const sent: Sent[] = [];
  const problems: string[] = [];
  const answers: ('hang' | number)[] = [];
  let posts = 0;
  let keysAreUp = true;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  const app = express();
  app.use(express.json({ limit: '1mb' }));
  app.post(['/v3/conversations/:conversation/activities', '/v3/conversations/:conversation/activities/:activity'], (request, response) => {
    posts++;
    const answer = answers.shift();
    if (answer === 'hang') return;
    if (answer !== undefined) {
      response.status(answer).json({ error: { code: 'ServiceError', message: `told to answer ${answer}` } });
      return;
    }
    const parsed = sentSchema.safeParse(request.body);
    if (!parsed.success) problems.push(z.prettifyError(parsed.error));
    const { conversation, activity } = request.params as Record<string, string | undefined>;
    sent.push({ ...request.body, conversationInPath: conversation ?? '', activityInPath: activity });
    response.status(200).json({ id: `sent-${sent.length}` });
  });
  app.get('/keys/openid', (_request, response) => void response.status(keysAreUp ? 200 : 500).json({ jwks_uri: `${origin}/keys/jwks` }));
  app.get('/keys/jwks', (_request, response) => {
    response.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig', endorsements: ['emulator', 'webchat'] }] });
  });

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    sent,
    /** What was wrong with what the bot sent. */
    problems,
    posts: () => posts,
    /** Answers of the next posts; after them it works again. */
    answerNext: (...next: ('hang' | number)[]) => void answers.push(...next),
    /** Whether the signing keys can be fetched. */
    setKeys: (up: boolean) => {
      keysAreUp = up;
    },
    /** A token as Azure's connector sends it; `forged` signs with a key nobody knows. */
    token(claims: Record<string, unknown>, { forged = false } = {}): string {
      const seconds = Math.floor(Date.now() / 1000);
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const body = `${part({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })}.${part({ nbf: seconds - 60, exp: seconds + 600, ...claims })}`;
      const key = forged ? stranger : privateKey;
      return `Bearer ${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
