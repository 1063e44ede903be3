/** What a caller writes and gets back, for the routes an outsider begins with; keyed by operation. A test parses each by the route's own schemas. */
export interface Example {
  readonly request?: unknown;
  readonly response?: unknown;
}

const token = { conversationId: 'Qm9nVb3xT2eLr8YwK5sZ1A', token: 'eyJrIjoidGFsayJ9.c2lnbmF0dXJl', expires_in: 1800 };

export const examples: Readonly<Record<string, Example>> = {
  postV3DirectlineTokensGenerate: { request: {}, response: token },
  postV3DirectlineConversations: {
    request: {},
    response: {
      ...token,
      streamUrl: 'wss://wenban.example/v3/directline/conversations/Qm9nVb3xT2eLr8YwK5sZ1A/stream?watermark=0&t=eyJrIjoidGFsayJ9',
    },
  },
  postV3DirectlineConversationsConversationIdActivities: {
    request: { type: 'message', text: '身份证丢了怎么补办？', locale: 'zh-CN', channelData: { clientActivityID: 'mine-1' } },
    response: { id: 'Qm9nVb3xT2eLr8YwK5sZ1A|0000002' },
  },
  postDeskApiLogin: { request: { name: 'xiaoli', password: 'a long password' } },
  postDeskApiConversationsIdActivities: { request: { text: '您好，我来帮您看一下。', messageId: 'desk-1' } },
  getHealthz: { response: { status: 'ok' } },
  getReadyz: {
    response: {
      ready: true,
      problems: [],
      warnings: ['disk: 900 MB left'],
      parts: [
        { name: 'database', state: 'ok', detail: '', figures: { latency_ms: 2 } },
        { name: 'disk', state: 'degraded', detail: '900 MB left' },
      ],
    },
  },
};
