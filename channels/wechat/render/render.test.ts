import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedActivity } from '../../../bot/activity.ts';
import { menuAsText, partsOf } from './parts.ts';
import { MAX_TEXT_BYTES, PART_BYTES, splitText } from './split.ts';

const bytes = (text: string): number => Buffer.byteLength(text);
const said = (fields: Partial<LoggedActivity>): LoggedActivity => ({
  type: 'message',
  id: 'c|0000003',
  seq: 3,
  timestamp: '2026-03-02T02:00:00Z',
  conversation: { id: 'c' },
  from: { id: 'wenban', role: 'bot' },
  ...fields,
});
const button = (title: string, value = title) => ({ type: 'imBack' as const, title, value });
const human = { ...button('转人工'), channelData: { always: true } };

describe('cutting', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom('办理。', '材料；', '\n', '\n\n', '，', '<a href="https://a.example/x">办事指南</a>', '👩‍👩‍👧‍👦', '𠮷'),
    ),
    { maxLength: 120 },
  );
  it('loses no byte, exceeds no limit, splits no character', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 4, max: 300 }), (texts, limit) => {
        const text = texts.join('').replace(/\p{Cs}/gu, '');
        const parts = splitText(text, limit);
        expect(parts.join('')).toBe(text);
        for (const part of parts) {
          expect(bytes(part)).toBeLessThanOrEqual(limit);
          expect(part).not.toBe('');
          expect(/\p{Cs}/u.test(part)).toBe(false);
        }
      }),
    );
  });
  it('falls on the end of a sentence where one is near, and never inside a link', () => {
    const sentence = '请带上身份证原件到政务服务中心办理。';
    const parts = splitText(sentence.repeat(300), MAX_TEXT_BYTES);
    expect(parts.every((part) => part.endsWith('。'))).toBe(true);
    const link = '<a href="https://zwfw.example/item/1">网上办理</a>';
    for (const part of splitText(`${'字'.repeat(20)}${link}`.repeat(40), 200)) {
      expect(part.match(/<a /g)?.length ?? 0).toBe(part.match(/<\/a>/g)?.length ?? 0);
    }
  });
});

describe('a message', () => {
  const choices = { to: [], actions: [button('居住证怎么办'), button('要多少钱'), human] };
  it('[R-033] carries its choices as numbers and the way to a person', () => {
    const [part] = partsOf(said({ text: '您想问哪一件？', suggestedActions: choices }), { menus: false, messages: true });
    expect(part).toEqual({
      msgtype: 'text',
      text: { content: '您想问哪一件？\n\n1. 居住证怎么办\n2. 要多少钱\n\n回复数字选择，也可以直接说；回复“转人工”找工作人员' },
    });
  });
  it('is one menu where menus may be sent', () => {
    const parts = partsOf(said({ text: '您想问哪一件？', suggestedActions: choices }), { menus: true, messages: true });
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({
      msgtype: 'msgmenu',
      msgmenu: {
        head_content: '您想问哪一件？',
        list: [{ id: 'q:c|0000003:0' }, { id: 'q:c|0000003:1' }, { id: 'human', content: '转人工' }],
      },
    });
    expect(menuAsText(parts[0] as never)).toMatch(/1\. 居住证怎么办\n2\. 要多少钱\n回复“转人工”/);
  });
  it('of any length fits into parts with room for a hint', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3000 }), fc.boolean(), (text, menus) => {
        const parts = partsOf(said({ text: `答：${text}`, suggestedActions: choices }), { menus, messages: true });
        for (const part of parts)
          expect(bytes(part.msgtype === 'msgmenu' ? part.msgmenu.head_content : menuAsText(part))).toBeLessThanOrEqual(PART_BYTES);
      }),
      { numRuns: 50 },
    );
  });
  it('shows links as links, nothing else as markup, and says when a model wrote it', () => {
    const citation = (position: number, name: string, url: string) => ({
      '@type': 'Claim' as const,
      position,
      appearance: { '@type': 'DigitalDocument' as const, name, url, abstract: '' },
    });
    const [part] = partsOf(
      said({
        text: '**办理**：[网上办](https://a.example/1) <a href="https://evil.example">点我</a> <script>',
        entities: [
          {
            type: 'https://schema.org/Message',
            '@type': 'Message',
            '@context': 'https://schema.org',
            '@id': '',
            additionalType: ['AIGeneratedContent'],
            citation: [
              citation(1, '居住证 · 费用（公安局）', 'https://a.example/2'),
              citation(2, '居住证 · 时限（公安局）', 'https://a.example/2'),
            ],
          },
        ],
      }),
      { menus: false, messages: true },
    );
    const content = part?.msgtype === 'text' ? part.text.content : '';
    expect(content).toContain('办理：<a href="https://a.example/1">网上办</a>');
    expect(content.match(/<a /g)).toHaveLength(2);
    expect(content).not.toMatch(/<script|<a href="https:\/\/evil/);
    expect(content).toContain('（AI 生成）');
    expect(content).toContain('[1-2] <a href="https://a.example/2">居住证（公安局）</a>');
  });
  it('[R-141] the request for a rating is numbers or a menu; other events show nothing', () => {
    const event = said({ type: 'event', name: 'rating.request' });
    expect(partsOf(event, { menus: true, messages: true })[0]).toMatchObject({
      msgmenu: { list: [{ id: 'rate:5:3', content: '非常满意' }, {}, {}, {}, {}, { id: 'rate:0:3', content: '不评价' }] },
    });
    expect(JSON.stringify(partsOf(event, { menus: false, messages: true }))).toContain('5. 非常满意');
    expect(partsOf(said({ type: 'event', name: 'handoff.status' }), { menus: true, messages: true })).toEqual([]);
  });
});
