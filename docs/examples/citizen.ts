/** A citizen's client over plain HTTP: everything an app of your own needs. See docs/api.md. */

export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly replyToId?: string;
  readonly from: { readonly id: string; readonly role?: string };
}

interface Grant {
  readonly conversationId: string;
  readonly token: string;
}

export interface Citizen {
  readonly conversationId: string;
  /** Says something; resolves with its id when the server has it for good. `clientId` makes repeating it harmless. */
  say(text: string, clientId: string): Promise<string>;
  /** What is new since the last call. */
  news(): Promise<readonly Activity[]>;
}

/** Starts a conversation. @param base such as https://wenban.example. Errors: the server's own words. */
export async function startConversation(base: string): Promise<Citizen> {
  const call = async <T>(path: string, token?: string, body?: unknown): Promise<T> => {
    for (;;) {
      const response = await fetch(`${base}/v3/directline${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // Too much at once, or the server is restarting: it says how long to wait.
      if (response.status === 429 || response.status === 503) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 1)));
        continue;
      }
      const answer = (await response.json()) as T & { error?: { code: string; message: string } };
      if (!response.ok) throw new Error(answer.error ? `${answer.error.code}: ${answer.error.message}` : `status ${response.status}`);
      return answer;
    }
  };
  const granted = await call<Grant>('/tokens/generate', undefined, {});
  const { conversationId, token } = await call<Grant>('/conversations', granted.token, {});
  const path = `/conversations/${conversationId}/activities`;
  let watermark = '0';
  return {
    conversationId,
    say: async (text, clientActivityID) =>
      (await call<{ id: string }>(path, token, { type: 'message', text, locale: 'zh-CN', channelData: { clientActivityID } })).id,
    news: async () => {
      const set = await call<{ activities: Activity[]; watermark: string }>(`${path}?watermark=${watermark}`, token);
      watermark = set.watermark;
      return set.activities;
    },
  };
}
