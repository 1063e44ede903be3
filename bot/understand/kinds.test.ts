import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import { builtInModel } from '../../server/knowledge-index.ts';
import { lexiconFolder, loadTestPack } from '../../tests/support/pack.ts';
import { loadChat } from './chat.ts';
import { type Guess, type Kinds, LearntKinds, trainingKinds, trainKinds } from './kinds.ts';

let kinds: Kinds;
let learning: () => Generator<void, Kinds>;
beforeAll(async () => {
  const pack = await loadTestPack();
  const chat = await loadChat(join(lexiconFolder, 'chat.yaml'), pack.lexicon);
  const embedder = await loadStaticEmbedder(builtInModel());
  const options = { items: pack.items, flows: pack.flows, chat: chat.examples, dense: (text: string) => embedder.vector(text) };
  learning = () => trainingKinds(options);
  kinds = trainKinds(options);
});

const gist = ({ kind, ...rest }: Guess): string => ('label' in rest ? rest.label : 'id' in rest ? rest.id : kind);

/** None of these stands among the examples. */
describe('kinds learnt from the pack', () => {
  it.each([
    ['怎么做蛋糕', 'out_of_scope'],
    ['帮我写个请假条', 'out_of_scope'],
    ['给我讲讲三体', 'out_of_scope'],
    ['帮我算下250乘以4', 'out_of_scope'],
    ['你都会些什么呀', 'scope'],
    ['你这个机器人好笨', 'complaint_about_bot'],
    ['林木采伐许可证怎么办', 'question'],
    ['烟草专卖许可证要多少钱', 'question'],
    ['会计证在哪办', 'question'],
    ['怎么领养孩子', 'question'],
    ['护照丢了能加急补吗', 'question'],
  ])('%s → %s', (text, expected) => {
    const guess = kinds.guess(text);
    expect(gist(guess)).toBe(expected);
    expect(guess.probability).toBeGreaterThan(0.6);
  });

  it('what the government may be asked is never called another matter, though no guide knows it', () => {
    const asked = [
      '狗证怎么办',
      '钓鱼证在哪办',
      '宠物狗怎么上户口',
      '我家楼下太吵了',
      '路灯坏了找谁',
      '签证怎么办',
      '我爸去世了怎么办',
      '养犬登记',
      '工地扬尘投诉',
    ];
    for (const text of asked) {
      const guess = kinds.guess(text);
      expect([text, gist(guess) === 'out_of_scope' && guess.probability >= 0.7]).toEqual([text, false]);
    }
  });

  it('are learnt once, and again after the knowledge has changed', () => {
    let times = 0;
    const learnt = new LearntKinds(function* () {
      times++;
      yield;
      return kinds;
    });
    learnt.guess('你好');
    learnt.guess('再见');
    expect(times).toBe(1);
    learnt.forget();
    learnt.guess('你好');
    expect(times).toBe(2);
  });

  it('[R-004] are learnt anew in short pieces: what waits goes first, the old answers until the new is ready, the last asked for wins', async () => {
    const named = (label: string): Kinds => ({ guess: () => ({ kind: 'flow', id: label, probability: 1 }) });
    let next = 'first';
    const learnt = new LearntKinds(function* () {
      const label = next;
      // Longer work for what is asked for first, so that it ends last.
      for (let steps = label === 'second' ? 4000 : 40; steps > 0; steps--) {
        for (const until = performance.now() + 0.05; performance.now() < until; );
        yield;
      }
      return named(label);
    });
    expect(learnt.guess('x')).toMatchObject({ id: 'first' });
    next = 'second';
    const slow = learnt.relearn();
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(learnt.guess('x')).toMatchObject({ id: 'first' });
    next = 'third';
    await learnt.relearn();
    expect(learnt.guess('x')).toMatchObject({ id: 'third' });
    await slow;
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
    expect(learnt.guess('x')).toMatchObject({ id: 'third' });
  });

  it('learning that fails leaves what was learnt before', async () => {
    let broken = false;
    const learnt = new LearntKinds(function* () {
      yield;
      if (broken) throw new Error('no examples');
      return kinds;
    });
    learnt.guess('你好');
    broken = true;
    await expect(learnt.relearn()).rejects.toThrow('no examples');
    expect(gist(learnt.guess('会计证在哪办'))).toBe('question');
  });

  it('no piece of the real learning is long', () => {
    const work = learning();
    const pieces: number[] = [];
    for (;;) {
      const from = process.cpuUsage();
      const step = work.next();
      const { user, system } = process.cpuUsage(from);
      if (step.done) break;
      pieces.push(user + system);
    }
    // One piece may meet the garbage collector; a hundredth part of them is left out.
    const long = pieces.sort((a, b) => b - a)[Math.ceil(pieces.length / 100)] ?? 0;
    expect(long).toBeLessThan(20_000);
  });
});
