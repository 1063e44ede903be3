import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logisticOf, temperatureOf } from './calibrate.ts';
import { type Example, trainClassifier } from './classifier.ts';
import { probabilities, randomFrom } from './softmax.ts';

/** Made-up requests of six kinds, each said in many ways. */
const matters: Record<string, readonly string[]> = {
  身份证: ['身份证', '二代证', '居民身份证'],
  公积金: ['公积金', '住房公积金', '房贷公积金'],
  医保: ['医保', '医疗保险', '看病报销'],
  驾照: ['驾照', '驾驶证', '学车的证'],
  结婚: ['结婚', '领证结婚', '婚姻登记'],
  passport: ['passport', 'travel passport', 'my passport'],
};
const wordings = [
  '怎么办',
  '要带什么材料',
  '多少钱',
  '在哪里办',
  '多久能好',
  '我想办',
  '能网上办吗',
  '请问流程',
  '需要本人去吗',
  '可以代办吗',
];
const examples: Example[] = Object.entries(matters).flatMap(([label, words]) =>
  words.flatMap((word) => wordings.map((wording) => ({ text: `${word}${wording}`, label }))),
);
const strange = [
  '今天天气怎么样',
  '帮我写一首诗',
  '股票会涨吗',
  '讲个笑话听',
  '晚饭吃点什么',
  '周杰伦新歌',
  '圆周率是多少',
  '给我放首音乐',
];
const outside: Example[] = strange.flatMap((text) => [text, `${text}呢`, `请问${text}`]).map((text) => ({ text, label: 'oos' }));

describe('the classifier', () => {
  const classifier = trainClassifier([...examples, ...outside]);

  it.each([
    ['我的身份证丢了怎么补', '身份证'],
    ['身份証丟了', '身份证'],
    ['公积金能取多少', '公积金'],
    ['医保卡报销', '医保'],
    ['驾驶证到期换证', '驾照'],
    ['我们想去登记结婚', '结婚'],
    ['how do I renew my passport?', 'passport'],
    ['申请伸份证', '身份证'],
  ])('%s is %s', (text, label) => expect(classifier.classify(text).label).toBe(label));

  it('gives at most five labels, likeliest first, and never the label of the outside', () => {
    for (const { text } of [...examples.slice(0, 20), ...outside]) {
      const { top, label, probability } = classifier.classify(text);
      expect(top.length).toBeLessThanOrEqual(5);
      expect(top[0]).toEqual({ label, probability });
      expect(top.map((one) => one.probability)).toEqual([...top.map((one) => one.probability)].sort((a, b) => b - a));
      expect(top.map((one) => one.label)).not.toContain('oos');
    }
  });

  it('what is outside scores higher than what is inside', () => {
    const strangers = ['明天会下雪吗', '写一篇作文', '这支股票怎么样', '推荐几首歌'].map((text) => classifier.classify(text).oosScore);
    const known = ['身份证补办', '公积金提取要什么', '医保在哪办', '结婚登记多少钱'].map((text) => classifier.classify(text).oosScore);
    expect(Math.min(...strangers)).toBeGreaterThan(Math.max(...known));
  });

  it('the same seed gives the same classifier', () => {
    const again = trainClassifier([...examples, ...outside]);
    for (const text of ['身份证', '公积金怎么提', '下雨吗']) expect(again.classify(text)).toEqual(classifier.classify(text));
  });

  it('never fails, whatever the text, and its probabilities are between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const { probability, oosScore, top } = classifier.classify(text);
        for (const value of [probability, oosScore, ...top.map((one) => one.probability)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('dense vectors tell apart what shares no character', () => {
    const meaning: Record<string, number[]> = { 猫咪: [1, 0], 喵星人: [1, 0], 轿车: [0, 1], 汽油车: [0, 1] };
    const dense = (text: string) => Float32Array.from(meaning[text] ?? [0, 0]);
    const few = [
      { text: '猫咪', label: 'animal' },
      { text: '轿车', label: 'car' },
    ];
    const withMeaning = trainClassifier(few, { dense });
    expect([withMeaning.classify('喵星人').label, withMeaning.classify('汽油车').label]).toEqual(['animal', 'car']);
  });

  it('needs two labels inside the scope', () => {
    expect(() => trainClassifier([{ text: 'a', label: 'x' }, ...outside])).toThrow('at least two labels');
  });
});

describe('calibration', () => {
  it('the temperature of a model that is right as often as it says is 1, of an overconfident one more', () => {
    const random = randomFrom(3);
    const drawn = Array.from({ length: 4000 }, () => {
      const logits = Float32Array.from({ length: 3 }, () => random() * 4);
      const chances = probabilities(logits.slice());
      const at = random();
      const label = at < (chances[0] as number) ? 0 : at < (chances[0] as number) + (chances[1] as number) ? 1 : 2;
      return { logits, label };
    });
    expect(temperatureOf(drawn)).toBeCloseTo(1, 0);
    expect(temperatureOf(drawn.map((one) => ({ ...one, logits: one.logits.map((logit) => logit * 3) })))).toBeCloseTo(3, 0);
  });

  it('the curve of the outside rises and parts the two', () => {
    const curve = logisticOf([0, 0.1, 0.2, 0.3], [0.8, 0.9, 1]);
    expect(curve(0)).toBeLessThan(0.2);
    expect(curve(1)).toBeGreaterThan(0.8);
    expect(logisticOf([1, 2], [])(5)).toBeGreaterThan(logisticOf([1, 2], [])(1));
  });
});
