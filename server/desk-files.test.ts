import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../tests/support/server.ts';
import { projectRoot } from './paths.ts';

const built = existsSync(join(projectRoot(), 'dist', 'web', 'widget.js'));
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
interface Seen {
  readonly text?: string;
  readonly from: { readonly name?: string };
  readonly attachments?: readonly { readonly contentUrl: string; readonly name: string }[];
}

// The real server serves the built pages: without them it does not start.
describe.skipIf(!built)('files between a citizen on the web and an agent, over the real server', () => {
  it('go both ways; the citizen sees 人工客服 and a number, the desk starts with the pack’s canned replies', async () => {
    const server = await startServer();
    try {
      await server.addAgent('li', 'a good password');
      const json = { 'content-type': 'application/json' };
      const start = await fetch(`${server.url}/v3/directline/tokens/generate`, {
        method: 'POST',
        headers: json,
        body: '{"user":{"id":"dl_1"}}',
      });
      const { token } = (await start.json()) as { token: string };
      const auth = { authorization: `Bearer ${token}`, ...json };
      const opened = await fetch(`${server.url}/v3/directline/conversations`, { method: 'POST', headers: auth, body: '{}' });
      const { conversationId: id } = (await opened.json()) as { conversationId: string };
      const at = `${server.url}/v3/directline/conversations/${id}`;
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), '截图.png');
      const uploaded = await fetch(`${at}/upload?userId=dl_1`, {
        method: 'POST',
        headers: { authorization: auth.authorization },
        body: form,
      });
      expect(uploaded.status).toBeLessThan(300);
      const say = { type: 'message', from: { id: 'dl_1' }, text: '转人工' };
      await fetch(`${at}/activities`, { method: 'POST', headers: auth, body: JSON.stringify(say) });
      await server.house.core.settled();

      const login = await fetch(`${server.url}/desk/api/login`, {
        method: 'POST',
        headers: json,
        body: '{"name":"li","password":"a good password"}',
      });
      const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
      const desk = (path: string, init: RequestInit = {}) =>
        fetch(`${server.url}/desk/api${path}`, { ...init, headers: { cookie, ...init.headers } });
      expect((await desk(`/conversations/${id}/claim`, { method: 'POST' })).status).toBe(200);
      const [sent] = (await (await desk(`/conversations/${id}/files`)).json()) as { id: string; name: string; size: number }[];
      expect(sent).toMatchObject({ name: '截图.png', size: png.length });
      expect(Buffer.from(await (await desk(`/conversations/${id}/files/${sent?.id}`)).arrayBuffer())).toEqual(png);

      const query = new URLSearchParams({ name: '样表.png', messageId: 'm1' });
      const body = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(png) };
      expect((await desk(`/conversations/${id}/files?${query}`, body)).status).toBe(200);
      const { activities } = (await (await fetch(`${at}/activities`, { headers: auth })).json()) as { activities: Seen[] };
      const got = activities.at(-1);
      expect(got?.from.name).toBe('人工客服01');
      expect(got?.attachments?.[0]?.name).toBe('样表.png');
      const address = new URL(got?.attachments?.[0]?.contentUrl ?? '', server.url);
      expect(Buffer.from(await (await fetch(address)).arrayBuffer())).toEqual(png);
      const replies = (await (await desk('/canned-replies')).json()) as { title: string }[];
      expect(replies.map(({ title }) => title)).toContain('问候');
    } finally {
      await server.close();
    }
  });
});
