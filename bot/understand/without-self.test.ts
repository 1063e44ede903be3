import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { introduced } from './without-self.ts';

describe('[R-019] who somebody says they are', () => {
  it.each([
    ['我是回族，领结婚证要带什么', '领结婚证要带什么'],
    ['您好，我是一位女士，想问一下护照多少钱', '护照多少钱'],
    ['唔该，居住证要几多钱', '居住证要几多钱'],
    ['师傅，麻烦您了，我这老头子想问一下，身份证丢了怎么补', '身份证丢了怎么补'],
    ['作为一名农民工，居住证怎么办', '居住证怎么办'],
    ['我是服刑人员家属，身份证丢了怎么补', '身份证丢了怎么补'],
    ['女，65岁，社保卡丢了怎么补', '社保卡丢了怎么补'],
    ["As a foreigner, I'm 70, how much is a passport?", 'how much is a passport?'],
    ['我年纪大了，听不见，不会用手机，护照怎么办', '护照怎么办'],
    ['我没上过学，不识几个字，居住证怎么办？', '居住证怎么办？'],
    ['身份证丢了怎么补？要多少钱？我是藏族人', '身份证丢了怎么补？要多少钱？'],
    ['我今年72岁了，驾驶证怎么换', '驾驶证怎么换'],
    ['俺是农村来的，想问下低保怎么申请', '低保怎么申请'],
  ])('%s asks: %s', (text, question) => expect(introduced(text)?.question).toBe(question));

  it.each([
    '我是回族',
    '我是回族，谢谢',
    '我的身份证丢了，怎么补办',
    '我是想问身份证的，丢了怎么补',
    '我是身份证丢了，怎么补办',
    'I lost my passport, what now?',
    '孩子今年六岁，怎么报名上小学',
    '残疾人证丢了，怎么补',
    '领结婚证要带什么',
  ])('%s is left as it is', (text) => expect(introduced(text)).toBeUndefined());

  it.each(['我是上班族，周末能办吗', '我是个体户，怎么注销', '我是低保户，能申请公租房吗', '我怀孕了，能领什么补贴'])(
    '%s may be the matter itself',
    (text) => expect(introduced(text)).toMatchObject({ byForm: true, mayMatter: true }),
  );

  it('sex, people, faith and schooling never matter; age, disability, residence and family may', () => {
    expect(introduced('我是女的，护照多少钱')?.mayMatter).toBe(false);
    expect(introduced('我信佛教，护照多少钱')?.mayMatter).toBe(false);
    expect(introduced('我是残疾人，护照多少钱')).toMatchObject({ mayMatter: true, about: ['残疾'] });
    expect(introduced('我是回族，清真食品怎么认定')?.about).toContain('回族');
  });

  it('nothing but whole clauses is ever left out, in time for anything', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '我是回族',
            '我是女的',
            '护照多少钱',
            '，',
            '？',
            '。',
            ' ',
            '我',
            'x'.repeat(50),
            '大妈'.repeat(200),
            '问一下'.repeat(18),
            '有有有病'.repeat(14),
            'a '.repeat(29),
          ),
          { maxLength: 40 },
        ),
        (parts) => {
          const text = parts.join('');
          const question = introduced(text)?.question;
          for (const one of question?.split(/[，？。\s]+/) ?? []) expect(text).toContain(one);
        },
      ),
    );
  });
});
