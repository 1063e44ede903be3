import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SummaryOutput } from '../../prompts/summary.ts';
import type { LanguageModel, ModelRequest, ModelResult } from '../llm/model.ts';
import { openHandoffOf } from '../store/handoffs.ts';
import { SummaryWriter, unsaid, withModelWords } from './summary-model.ts';
import { type House, openHouse } from './testing/house.ts';

const said = '我上个月在东区买了房，公积金断缴 3 个月\n还能不能贷款？\n你们到底能不能说清楚';
const template = '诉求：还能不能贷款？\n助手尝试：答复 1 次\n最近对话：\n市民：还能不能贷款？';
const calm = { mood: 'calm' as const, moodWords: '' };

describe('[R-133] the summary a model writes', () => {
  it('replaces the matter when every word and number of it was said', () => {
    const matter = '上个月在东区买了房，公积金断缴 3 个月，询问还能不能贷款';
    expect(withModelWords(template, said, { matter, ...calm })).toBe(template.replace('还能不能贷款？', matter));
  });

  it.each([
    ['a number nobody said', '公积金断缴 6 个月，还能不能贷款'],
    ['a place nobody said', '在西区买了房，还能不能贷款'],
    ['a department nobody named', '要求公积金中心说明还能不能贷款'],
    ['nothing', ' '],
  ])('keeps the rule’s matter for %s', (_why, matter) => {
    expect(withModelWords(template, said, { matter, ...calm })).toBe(template);
  });

  it('names a mood only with words the citizen really wrote, and never twice', () => {
    const angry = { matter: '', mood: 'angry' as const, moodWords: '你们到底能不能说清楚' };
    expect(withModelWords(template, said, angry)).toContain('\n情绪：不满（原话“你们到底能不能说清楚”）\n');
    expect(withModelWords(template, said, { ...angry, moodWords: '气死我了' })).toBe(template);
    const known = template.replace('\n', '\n情绪：着急或不满，请先安抚再办事\n');
    expect(withModelWords(known, said, angry)).toBe(known);
  });

  it('knows what was not said', () => {
    expect(unsaid('公积金断缴 3 个月', said)).toEqual([]);
    expect(unsaid('社保断缴 3 个月', said)).not.toEqual([]);
  });

  describe('in the queue', () => {
    let house: House;
    beforeEach(async () => {
      house = await openHouse();
    });
    afterEach(() => house.close());

    const answering = (answer: ModelResult<SummaryOutput>) => {
      const asked: string[] = [];
      const model: LanguageModel = {
        id: 'test',
        complete: async <T>(request: ModelRequest<T>) => {
          asked.push(request.user);
          return answer as ModelResult<T>;
        },
      };
      return { asked, model };
    };

    it('is written once for each newcomer; the summary by rule stays when the model fails', async () => {
      await house.arrive('c1');
      for (const text of ['公积金断缴 3 个月', '还能不能贷款']) await house.says('c1', text);
      await house.asksForPerson('c1');
      const errors: unknown[] = [];
      const failing = answering({ ok: false, error: { kind: 'timeout', message: 'too slow' } });
      const options = {
        database: house.database,
        now: () => house.clock.now,
        onWritten: () => undefined,
        onError: (error: unknown) => errors.push(error),
      };
      await new SummaryWriter({ ...options, model: failing.model }).look();
      expect((await openHandoffOf(house.database.db, 'c1'))?.summary).toMatch(/^诉求：还能不能贷款\n/);
      const good = answering({ ok: true, value: { matter: '公积金断缴 3 个月，还能不能贷款', ...calm } });
      const writer = new SummaryWriter({ ...options, model: good.model });
      await Promise.all([writer.look(), writer.look()]);
      expect((await openHandoffOf(house.database.db, 'c1'))?.summary).toMatch(/^诉求：公积金断缴 3 个月，还能不能贷款\n/);
      expect(good.asked).toHaveLength(1);
      expect(good.asked[0]).toContain('群众：公积金断缴 3 个月');
      expect(errors).toEqual([]);
    });
  });
});
