import { describe, expect, it } from 'vitest';
import { normalise } from '../../knowledge/text/normalise.ts';
import { toneOf } from './tone.ts';

const labelled = {
  angry: [
    '你这什么破系统，问什么都不会',
    '气死我了，居住证到底怎么办',
    '他妈的跑了四趟了还要我补材料',
    '傻逼机器人',
    '垃圾玩意儿，一句有用的都没有',
    '踢皮球踢了半个月，公积金到底归谁管',
    '妈的，身份证丢了去哪补',
    '凭什么我的社保不给转',
    '你们太不像话了，等了三个月还没消息',
    '真行啊，问三遍了还是这句',
    '服了你们，办个证这么费劲',
    '我操，怎么又要排队',
    '卧槽这么贵？护照多少钱',
    '说了五遍了我要补办身份证',
    'sb客服',
    '这效率真高啊，两个月了营业执照还没下来',
    '白跑一趟，谁来负责',
    '你有病吧听不懂我说什么',
    'this is ridiculous, I have been waiting for weeks',
    '滚',
    '骗子，说好七天办好的',
    '答非所问！我问的是费用',
  ],
  anxious: [
    '急死了明天就要出国护照没下来',
    '怎么办啊户口本找不到了，好着急',
    '孩子马上开学了还没报上名，愁死了',
    '求求了帮我看看公积金什么时候能到账',
    '我不知道该怎么办了，医药费报不了',
    '急急急！身份证丢了后天高考',
  ],
  calm: [
    '我妈的社保在哪交',
    '他妈妈的户口怎么迁',
    '你妈的身份证能代办吗',
    '孩子他妈的医保怎么续',
    '投诉电话是多少',
    '怎么投诉物业',
    '垃圾分类怎么扔',
    '垃圾处理费多少钱',
    '智障人士有补贴吗',
    '弱智儿童入学有什么政策',
    '神经病人能办残疾证吗',
    '精神病院住院医保报吗',
    '加急护照要多少钱',
    '不着急，慢慢说',
    '急救证怎么考',
    '紧急情况打什么电话',
    '我想举报黑车',
    '居住证怎么办',
    '公积金能不能提',
    '狗证怎么办',
    '滚动公示是什么意思',
    '我靠近东澜区，去哪个大厅',
    '你好厉害，谢谢',
    '真行，谢谢你',
    '你真聪明',
    '等了半天的结果在哪查',
    '人才落户要等几个月',
    '废物回收许可证怎么办',
    '白痴呆症能评残吗',
    '急用的话能当天取吗',
  ],
} as const;

const heard = (text: string) => toneOf(normalise(text));

describe('[R-050] how upset a message is', () => {
  it('precision and recall on labelled messages', () => {
    const all = Object.entries(labelled).flatMap(([tone, texts]) => texts.map((text) => ({ tone, text })));
    for (const tone of ['angry', 'anxious'] as const) {
      const said = all.filter(({ text }) => heard(text).tone === tone);
      const right = said.filter((one) => one.tone === tone).length;
      const recall = right / labelled[tone].length;
      const precision = right / said.length;
      console.info(`${tone}: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)} of ${labelled[tone].length}`);
      expect(precision).toBeGreaterThanOrEqual(0.9);
      expect(recall).toBeGreaterThanOrEqual(0.9);
    }
  });

  it.each([
    ['妈的，身份证丢了去哪补', '身份证丢了去哪补'],
    ['气死我了，居住证到底怎么办', '居住证到底怎么办'],
    ['傻逼机器人', ''],
    ['滚', ''],
    ['孩子他妈的医保怎么续', '孩子他妈的医保怎么续'],
  ])('what there is to answer in %s: %s', (text, matter) => expect(heard(text).matter).toBe(matter));
});
