import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Converter as TraditionalConverter } from 'opencc-js/cn2t';
import { Converter as SimplifiedConverter } from 'opencc-js/t2cn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshState } from '../dialogue-state.ts';
import { textsFor } from '../texts.ts';
import { loadPatterns } from './load.ts';
import { afterSilence, paused, reopened } from './pause.ts';
import { defaultPatterns } from './schema.ts';
import { inTraditional, scriptOf, scriptOfLocale } from './script.ts';
import { steering } from './steer.ts';
import { wordedTexts } from './texts.ts';

const flow = { flow: 'f', version: 1, step: 0, slots: { a: 'x' }, asking: 'b', attempts: 0, startedAt: 0 };
const open = { ...freshState(), flow };
const offering = { ...freshState(), options: [{ title: '甲', value: '甲' }] };
const aside = { ...freshState(), paused: { flow, at: 0 } };

describe('steering', () => {
  it.each([
    ['你刚才问我什么', open, 'recall_question'],
    ['刚才问的什么来着', open, 'recall_question'],
    ['我该填什么', open, 'recall_question'],
    ['what did you ask', open, 'recall_question'],
    ['刚才的问题是什么', offering, 'recall_question'],
    ['都不是', offering, 'none_of_these'],
    ['none of these', offering, 'none_of_these'],
    ['继续', aside, 'resume_flow'],
    ['好的继续办吧', aside, 'resume_flow'],
    ['昨天办到一半的那个', freshState(), 'resume_flow'],
    ['continue please', aside, 'resume_flow'],
    ['重新开始', open, 'restart_flow'],
    ['start over', aside, 'restart_flow'],
    ['别发了', freshState(), 'stop_messages'],
    ['请不要再给我发短信了', freshState(), 'stop_messages'],
  ])('%s', (text, state, type) => expect(steering(text, state)?.type).toBe(type));

  it.each([
    ['继续', freshState()],
    ['失业后继续交社保怎么交', aside],
    ['重新办理身份证要多少钱', aside],
    ['不要发票可以吗', freshState()],
    ['别人发了我的身份证照片怎么办', freshState()],
    ['你刚才问我什么', freshState()],
    ['都不是', freshState()],
    ['户口不是这里的', offering],
  ])('%s is no steering there', (text, state) => expect(steering(text, state)).toBeUndefined());
});

describe('leaving and coming back', () => {
  const day = 24 * 3_600_000;
  const { resume } = defaultPatterns;

  it('a flow is open for some hours, kept for days, then forgotten', () => {
    expect(afterSilence({ ...open, lastAt: 0 }, 3_600_000, resume).flow).toEqual(flow);
    const left = afterSilence({ ...open, lastAt: 0 }, day, resume);
    expect([left.flow, left.paused]).toEqual([null, { flow, at: 0 }]);
    expect(reopened(left).flow).toEqual(flow);
    expect(afterSilence(left, 31 * day, resume).paused).toBeNull();
  });

  it('what is put aside comes back as it was', () => {
    const back = reopened(paused(open, 5));
    expect(back).toEqual(open);
    expect(paused(freshState(), 5)).toEqual(freshState());
  });
});

describe('patterns.yaml of a pack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wenban-patterns-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const load = async (text: string) => {
    const file = join(folder, 'patterns.yaml');
    await writeFile(file, text);
    return loadPatterns(file);
  };

  it('is optional; what it says takes the place of the wording', async () => {
    expect(await loadPatterns(join(folder, 'none.yaml'))).toEqual(defaultPatterns);
    const patterns = await load(
      'cancel: {cancelled: {zh: 好嘞，先放着。, en: Put aside.}}\nresume: {offer: {zh: "{flow}没办完：{question}", en: "{flow}: {question}"}}\nidle: {minutes: 3}\nclarification: {noneOfThese: false}\n',
    );
    expect(patterns.idle).toMatchObject({ minutes: 3, endMinutes: 20, enabled: true });
    const texts = wordedTexts(patterns, 'zh-CN');
    expect([texts.flowCancelled, texts.resumeOffer('甲', '乙？'), texts.noneOfThese]).toEqual(['好嘞，先放着。', '甲没办完：乙？', '']);
    expect(wordedTexts(patterns, 'en-GB').flowCancelled).toBe('Put aside.');
    expect(texts.notUnderstood).toBe(textsFor('zh').notUnderstood);
  });

  it.each([
    ['cancle: {}', 'cancle'],
    ['idle: {minutes: 0}', 'idle.minutes'],
    ['cancel: {cancelled: {zh: 好}}', 'cancel.cancelled.en'],
    ['resume: {offer: {zh: "{name}", en: x}}', 'resume.offer'],
    ['idle: [', 'patterns.yaml'],
  ])('%s is refused, with its place', async (text, place) => {
    await expect(load(text)).rejects.toThrow(place);
  });

  it('the defaults say what the assistant says anyway', () => {
    expect(wordedTexts(defaultPatterns, 'zh').flowCancelled).toBe(textsFor('zh').flowCancelled);
  });
});

describe('[R-051] traditional characters', () => {
  it.each([
    ['身份證丟了怎麼辦', 'hant'],
    ['唔該，點樣續領居住證', 'hant'],
    ['身份证丢了怎么办', 'hans'],
    ['你好', undefined],
    ['12345', undefined],
  ])('%s: %s', (text, script) => expect(scriptOf(text)).toBe(script));

  it('the short way to tell them is that of the tables', () => {
    const [simplified, traditional] = [SimplifiedConverter({ from: 'hk', to: 'cn' }), TraditionalConverter({ from: 'cn', to: 'tw' })];
    const counted = (text: string) => {
      const han = [...text.replace(/[^\p{Script=Han}]/gu, '')];
      const differing = (other: string) => [...other].filter((sign, i) => sign !== han[i]).length;
      const [old, now] = [differing(simplified(han.join(''))), differing(traditional(han.join('')))];
      return old === now ? undefined : old > now ? 'hant' : 'hans';
    };
    const sign = fc.oneof(
      fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('的', '一', '人', '，', 'a', '干涉', '一目了然', '台湾', '三只', '证', '證', '办', '辦', '里面', '沈阳', '坏了'),
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 8 }), (signs) => scriptOf(signs.join('')) === counted(signs.join(''))),
      { numRuns: 2000 },
    );
  });

  it('by locale', () => {
    expect(['zh-TW', 'zh-HK', 'zh-Hant', 'zh-CN', 'en'].map(scriptOfLocale)).toEqual(['hant', 'hant', 'hant', 'hans', 'hans']);
  });

  it('what a citizen reads changes; values, ids, addresses and numbers do not', () => {
    const shown = inTraditional({
      type: 'message',
      from: { id: 'wenban' },
      text: '网址 https://example.cn/网?a=1 费用 40 元 [1]',
      suggestedActions: { to: [], actions: [{ type: 'imBack', title: '费用', value: '费用' }] },
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { body: [{ id: '选', label: '选择', choices: [{ title: '丢了', value: '丢' }] }] },
        },
      ],
    });
    expect(shown).toMatchObject({
      text: '網址 https://example.cn/网?a=1 費用 40 元 [1]',
      suggestedActions: { actions: [{ title: '費用', value: '费用' }] },
      attachments: [{ content: { body: [{ id: '选', label: '選擇', choices: [{ title: '丟了', value: '丢' }] }] } }],
    });
    fc.assert(
      fc.property(fc.string(), (text) => {
        const said = inTraditional({ type: 'message', from: { id: 'x' }, text }).text ?? '';
        return said.replace(/\D/g, '') === text.replace(/\D/g, '');
      }),
    );
  });
});
