import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FakeWx, fakeWx } from '../testing/fake-wx.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { type Connection, Session } from './lib/session.ts';
import { type Entry, linesOf, View } from './lib/view.ts';

let at: Harness;
beforeAll(async () => {
  at = await startHarness({ accounts: [{ kind: 'mini-program' }] });
});
afterAll(() => at.close());

function open(openid: string, prepare: (wx: FakeWx) => void = () => undefined) {
  const wx = fakeWx(() => {
    const code = `code-${Math.random()}`;
    at.platform.codes.set(code, openid);
    return code;
  });
  prepare(wx);
  const view = new View();
  const connections: Connection[] = [];
  let ids = 0;
  const session = new Session({
    wx,
    baseUrl: at.base,
    onActivity: (activity) => view.add(activity),
    onConnection: (state) => connections.push(state),
    newId: () => `${openid}-${++ids}`,
    // Ten times as fast as on a phone.
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10)),
  });
  session.show();
  const theirs = (): Entry[] => view.entries.filter(({ side }) => side === 'theirs');
  const words = (entry: Entry | undefined): string =>
    (entry?.lines ?? []).map(({ spans }) => spans.map(({ text }) => text).join('')).join('\n');
  return {
    wx,
    view,
    session,
    connections,
    theirs,
    words,
    says: (text: string) => session.send({ type: 'message', text }),
    hears: (pattern: RegExp) =>
      vi.waitFor(() => expect(theirs().some((entry) => pattern.test(words(entry)))).toBe(true), { timeout: 8000 }),
  };
}

describe('the chat page of the mini-program', () => {
  it('logs in, shows the greeting, answers with sources and quick replies', async () => {
    const page = open('mChat');
    await page.hears(/智能助手/);
    expect(page.theirs()[0]?.replies.map(({ title }) => title)).toContain('查办件进度');
    expect(await page.says('居住证要多少钱')).toBe(true);
    await vi.waitFor(() => expect(page.theirs()).toHaveLength(2), { timeout: 8000 });
    expect(page.theirs().at(-1)?.lines.length).toBeGreaterThan(0);
    expect(page.view.entries.filter(({ side }) => side === 'mine')).toHaveLength(1);
    expect(page.connections.at(-1)).toBe('connected');
    page.session.hide();
  });

  it('loses and doubles nothing when sockets are cut and answers get lost on the way', async () => {
    const page = open('mCut');
    await page.hears(/智能助手/);
    page.wx.spoil(/POST .*activities/, 'answer lost', 2);
    const sent = page.says('你是谁');
    page.wx.cut();
    expect(await sent).toBe(true);
    await vi.waitFor(() => expect(page.theirs()).toHaveLength(2), { timeout: 8000 });
    page.wx.cut();
    await page.says('谢谢');
    await vi.waitFor(() => expect(page.theirs()).toHaveLength(3), { timeout: 8000 });
    expect(page.view.entries.filter(({ side }) => side === 'mine').map(page.words)).toEqual(['你是谁', '谢谢']);
    page.session.hide();
  });

  it('asks again and again where sockets do not get through', async () => {
    const page = open('mNoSockets', (wx) => {
      wx.socketsWork = false;
    });
    await page.hears(/智能助手/);
    await page.says('谢谢');
    await vi.waitFor(() => expect(page.theirs()).toHaveLength(2), { timeout: 8000 });
    await vi.waitFor(() => expect(page.wx.sockets()).toBe(3), { timeout: 8000 });
    page.session.hide();
  });

  it('waits for the network, says so, and goes on by itself', async () => {
    const page = open('mOffline', (wx) => wx.spoil(/./, 'unreachable', 4));
    const sent = page.says('谢谢');
    await vi.waitFor(() => expect(page.connections).toContain('offline'), { timeout: 8000 });
    expect(await sent).toBe(true);
    await page.hears(/不客气/);
    page.session.hide();
  });

  it('[R-033] reaches a person, and shows who it is', async () => {
    const page = open('mPerson');
    await page.hears(/智能助手/);
    await page.says('转人工');
    await page.hears(/转人工/);
    page.session.hide();
  });
});

describe('what is shown', () => {
  it('text with bold and links, AI label, form and rating', () => {
    const view = new View();
    const bot = { id: 'wenban', role: 'bot' };
    view.add({ type: 'typing', from: bot, text: '正在', channelData: { streamType: 'streaming' } });
    expect(view.streaming).toBe('正在');
    const message = {
      id: 'a',
      type: 'message',
      from: bot,
      text: '**办理**\n见[指南](https://a.example/1)。',
      entities: [
        {
          type: 'https://schema.org/Message',
          additionalType: ['AIGeneratedContent'],
          citation: [{ position: 1, appearance: { name: '指南' } }],
        },
      ],
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            body: [
              { type: 'TextBlock', text: '说明' },
              { type: 'Input.Text', id: 'name', label: '姓名', isRequired: true },
              { type: 'Input.ChoiceSet', id: 'area', label: '区', choices: [{ title: '东澜区', value: 'east' }] },
            ],
          },
        },
      ],
    };
    view.add(message);
    view.add(message);
    expect(view.streaming).toBe('');
    expect(view.entries).toHaveLength(1);
    expect(view.entries[0]).toMatchObject({
      side: 'theirs',
      ai: true,
      sources: [{ position: 1, name: '指南', url: '' }],
      fields: [
        { id: 'name', kind: 'text', required: true },
        { id: 'area', kind: 'choice', titles: ['东澜区'], values: ['east'] },
      ],
    });
    view.add({ id: 'b', type: 'event', name: 'rating.request', from: bot });
    expect(view.entries[1]?.rating).toBe(true);
    view.add({ id: 'c', type: 'event', name: 'rating.submit', from: { id: 'u', role: 'user' }, value: { declined: true } });
    expect(view.entries.at(-1)).toMatchObject({ rating: false, lines: [{ spans: [{ text: '好的，这次不评价。' }] }] });
    expect(linesOf('a**b**[c](https://d.example)')).toEqual([
      {
        spans: [
          { text: 'a', bold: false, url: '' },
          { text: 'b', bold: true, url: '' },
          { text: 'c', bold: false, url: 'https://d.example' },
        ],
      },
    ]);
  });

  it('builds into a folder the official tools take', async () => {
    const out = await mkdtemp(join(tmpdir(), 'wenban-mp-'));
    try {
      const script = new URL('./build.mjs', import.meta.url).pathname;
      await promisify(execFile)(process.execPath, [script, '--url', 'https://zwfw.example', '--appid', 'wx0123456789abcdef', '--out', out]);
      const pages = (JSON.parse(await readFile(join(out, 'app.json'), 'utf8')) as { pages: string[] }).pages;
      const component = 'components/chat/chat';
      const files = [...pages.flatMap((page) => ['js', 'json', 'wxml'].map((kind) => `${page}.${kind}`))];
      for (const kind of ['js', 'json', 'wxml', 'wxss']) files.push(`${component}.${kind}`);
      for (const file of files) expect((await readFile(join(out, file), 'utf8')).length).toBeGreaterThan(0);
      expect(await readFile(join(out, 'app.js'), 'utf8')).toContain('https://zwfw.example');
      expect(JSON.parse(await readFile(join(out, 'project.config.json'), 'utf8'))).toMatchObject({ appid: 'wx0123456789abcdef' });
      // Every handler the markup names is there.
      const [markup, script2] = await Promise.all(['wxml', 'js'].map((kind) => readFile(join(out, `${component}.${kind}`), 'utf8')));
      for (const [, handler] of (markup ?? '').matchAll(/bind\w+="(\w+)"/g)) expect(script2).toContain(`${handler}(`);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
});
