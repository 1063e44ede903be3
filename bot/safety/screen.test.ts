import { describe, expect, it } from 'vitest';
import { readPack } from '../../knowledge/import/pack.ts';
import { screen } from './screen.ts';

const rule = (text: string): string => {
  const verdict = screen(text);
  return verdict.kind === 'pass' ? 'pass' : `${verdict.kind}: ${verdict.rule}`;
};

describe('[R-009] danger to life or property gets the right number at once', () => {
  const dangers: [name: string, number: string, messages: string[]][] = [
    [
      'self_harm',
      '12356',
      ['我不想活了', '活不下去了', '我想自杀', '我想死', '想从楼上跳楼', '孩子割腕了', '我要自殺', '我想自杀，保险赔吗', 'i want to die'],
    ],
    ['gas_leak', '119', ['家里煤气泄漏了', '闻到好大的燃气味，闻到燃气了', '天然气漏气怎么办', '煤气中毒了']],
    [
      'fire',
      '119',
      [
        '我家着火了',
        '着火了打什么电话',
        '我家着火了，119是什么电话',
        '楼下起火了',
        '隔壁失火',
        '车烧起来了',
        '房子着了',
        '家裡著火了',
        'my house is on fire',
      ],
    ],
    [
      'medical',
      '120',
      [
        '我妈晕倒了怎么办',
        '我爸突然倒地没有呼吸了',
        '老人昏迷不醒',
        '心脏病发作',
        '孩子误喝了农药',
        '老婆要生了',
        '有人溺水',
        '触电了',
        '流了好多血',
        '晕 倒 了',
        '我爸没 有 呼 吸了',
      ],
    ],
    ['traffic', '122', ['出车祸了', '发生交通事故，有人受伤', '我被车撞了', '我撞到人了', '车祸了']],
    [
      'crime',
      '110',
      [
        '有人持刀',
        '我被抢劫了',
        '他正在打我',
        '有人打我',
        '我老公家暴我',
        '孩子走丢了',
        '孩子丢了',
        '我妈走失了',
        '有人入室盗窃',
        '家里有小偷',
        '有人跟踪我',
        '救命',
        '救救我',
        '他在打我，离婚怎么办',
      ],
    ],
    ['fraud', '96110', ['我刚被诈骗了', '我被骗了十万块', '正在被骗子骗，我转账给骗子了', '银行卡被盗刷了']],
  ];
  it.each(dangers.flatMap(([name, number, messages]) => messages.map((message) => [message, name, number])))(
    '%s → %s %s',
    (message, name, number) => {
      const verdict = screen(message);
      expect(verdict).toMatchObject({ kind: 'emergency', rule: name });
      if (verdict.kind === 'emergency') expect(verdict.text).toContain(`**${number}**`);
    },
  );

  it('is not fooled by invisible characters, full-width or traditional writing', () => {
    expect(rule('着​火了')).toBe('emergency: fire');
    expect(rule('我\uFEFF家著火了！！')).toBe('emergency: fire');
    expect(rule('ｉ　ｗａｎｔ　ｔｏ　ｄｉｅ')).toBe('emergency: self_harm');
  });

  it('wins over everything else in the message', () => {
    expect(rule('我要举报法院判决不公，现在有人持刀')).toBe('emergency: crime');
  });
});

describe('ordinary questions near a danger word are answered as questions', () => {
  it.each([
    '119是什么电话',
    '110和12345有什么区别，110是报警电话吗',
    '120是什么电话，收费吗',
    '消防验收怎么办',
    '火灾证明怎么开',
    '火灾自动报警系统维保资质怎么办',
    '举报火灾隐患打哪里',
    '去年失火把房产证烧了怎么补',
    '家里房产证烧了怎么补',
    '死亡证明怎么开',
    '老人去世了户口怎么注销',
    '自杀保险赔不赔',
    '心梗住院怎么报销',
    '脑梗能办门诊慢特病吗',
    '工伤触电算工伤吗',
    '溺水死亡证明在哪里开',
    '防溺水宣传活动在哪报名',
    '交通事故认定书怎么拿',
    '车祸理赔要什么证明',
    '家暴离婚要什么材料',
    '家暴告诫书怎么申请',
    '孩子身份证不见了怎么补',
    '孩子户口本丢了',
    '请打我的电话通知我',
    '你们打我手机说办好了',
    '跟踪我的办件进度',
    '防诈骗宣传资料哪里领',
    '燃气过户怎么办',
    '燃气报装要什么材料',
    '入室检查要出示什么证件',
    '医保基金是救命钱，怎么用',
    '想死你了小澜',
    '热死了大厅有空调吗',
    '跳楼价房子过户要交什么税',
    '生孩子能报销多少',
    '户口怎么迁',
    '落户要什么条件',
    '出生证明丢了',
  ])('%s', (message) => expect(rule(message)).toBe('pass'));
});

describe('[R-005] [R-006] matters with another door', () => {
  it.each([
    ['法院判决不公怎么办', 'litigation', '12368'],
    ['我要上诉', 'litigation', '12368'],
    ['想起诉离婚', 'litigation', '12368'],
    ['劳动仲裁结果不服', 'arbitration', '12333'],
    ['我要举报局长受贿', 'discipline', '12388'],
    ['行政复议怎么申请', 'reconsideration', '12348'],
    ['怎么申请政府信息公开', 'disclosure', '政府信息公开'],
    ['信访答复不服', 'petition', '信访'],
    ['帮我查一下前妻的住址', 'secrets', '隐私'],
    ['给我看看机密文件', 'secrets', '12348'],
  ])('%s → %s', (message, name, door) => {
    const verdict = screen(message);
    expect(verdict).toMatchObject({ kind: 'not_accepted', rule: name });
    if (verdict.kind === 'not_accepted') expect(verdict.text).toContain(door);
  });

  it.each([
    '以上诉求怎么反映',
    '代办需要留别人的电话吗',
    '结婚登记怎么办',
    '劳动合同怎么写',
    '投诉物业公司找谁',
    '公证具有强制执行效力的文书',
  ])('near miss: %s', (message) => expect(rule(message)).toBe('pass'));
});

describe('[R-007] what is unlawful is declined', () => {
  it.each(['哪里能办假证', '帮我做个假身份证', '怎么买枪支', '教我制作炸弹', '开假发票怎么联系', '办一张假学历'])('%s', (message) =>
    expect(rule(message)).toBe('prohibited: illegal_help'),
  );

  it.each([
    '举报有人办假证打哪个电话',
    '发现商家开假发票怎么投诉',
    '买到假货怎么投诉',
    '放假时间怎么安排',
    '病假证明怎么开',
    '产假工资怎么领',
  ])('near miss: %s', (message) => expect(rule(message)).toBe('pass'));
});

it('every question, name and situation of the sample pack passes', async () => {
  const { items } = await readPack('knowledge/packs/anlan');
  const stopped: string[] = [];
  let asked = 0;
  for (const { item } of items) {
    const texts =
      item.kind === 'faq'
        ? [item.question, ...item.similar]
        : item.kind === 'guide'
          ? [item.name, item.handlingItemName ?? '', ...item.aliases, ...item.scenarios.map((scenario) => scenario.name)]
          : item.kind === 'contact'
            ? [item.name, ...item.aliases]
            : [item.title];
    for (const text of texts) {
      asked++;
      if (rule(text) !== 'pass') stopped.push(`${item.id}: ${text} → ${rule(text)}`);
    }
  }
  expect(asked).toBeGreaterThan(1200);
  expect(stopped).toEqual([]);
});

it('an empty or meaningless message passes', () => {
  for (const message of ['', '   ', '？？？', '​', '😀']) expect(rule(message)).toBe('pass');
});
