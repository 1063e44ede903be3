/** Follow-up questions as citizens type them, over the sample pack: what was asked before, what comes now, what it must become. */
export interface FollowUp {
  /** The question before, and the item it was answered from. */
  readonly before: string;
  readonly item: string;
  readonly say: string;
  /** What the last reply offered. */
  readonly options?: readonly string[];
  /** Must stand in the complete question. */
  readonly has?: readonly string[];
  /** The item (or a FAQ of its) that the complete question must find first. */
  readonly finds?: string;
  /** Stands on its own: must stay as it is. */
  readonly same?: true;
}

const about = (before: string, item: string, list: readonly Omit<FollowUp, 'before' | 'item'>[]): FollowUp[] =>
  list.map((one) => ({ before, item, ...one }));

export const followUps: readonly FollowUp[] = [
  ...about('身份证丢了怎么补办', 'id-card-reissue', [
    { say: '那要多少钱？', has: ['身份证', '多少钱'], finds: 'id-card-reissue' },
    { say: '要带什么', has: ['身份证', '带什么'], finds: 'id-card-reissue' },
    { say: '多久能拿到呢', has: ['身份证丢了', '多久'], finds: 'id-card-reissue' },
    { say: '在哪办？', has: ['身份证', '在哪'], finds: 'id-card-reissue' },
    { say: '换成孩子呢？', has: ['孩子', '身份证丢了', '怎么补办'] },
    { say: '外地户口呢？', has: ['外地户口', '身份证丢了'], finds: 'id-card-reissue' },
    { say: '如果是坏了呢', has: ['身份证坏了', '怎么补办'], finds: 'id-card-reissue' },
    { say: '那过期了呢？', has: ['身份证过期', '怎么补办'], finds: 'id-card-reissue' },
    { say: '那护照呢', has: ['护照', '怎么补办'], finds: 'passport' },
    { say: '驾驶证呢？', has: ['驾驶证', '怎么补办'], finds: 'driver-licence-renew' },
    { say: '第二个呢', has: ['损坏换领'], finds: 'id-card-reissue' },
    { say: '第三种情况要多少钱', has: ['到期换领', '多少钱'], finds: 'id-card-reissue' },
    { say: '这个能代办吗？', has: ['身份证', '代办'] },
    { say: '咋个收费', has: ['身份证', '收费'], finds: 'id-card-reissue' },
    { say: '几多钱啊', has: ['身份证', '多少钱'], finds: 'id-card-reissue' },
    { say: '好的，那电话是多少', has: ['身份证', '电话'], finds: 'id-card-reissue' },
    { say: '周末能办吗', has: ['身份证', '周末'] },
    { say: '网上可以办吗？', has: ['身份证', '网上'] },
    { say: '谢谢', same: true },
    { say: '转人工', same: true },
    { say: '公积金贷款需要什么条件', same: true },
    { say: '我想问一下，租房怎么提取公积金', same: true },
  ]),
  ...about('居住证需要什么材料', 'residence-permit', [
    { say: '要钱吗？', has: ['居住证', '要钱'], finds: 'residence-permit' },
    { say: '老人呢？', has: ['老人', '居住证', '材料'], finds: 'residence-permit' },
    { say: '给孩子办呢', has: ['孩子', '居住证', '材料'], finds: 'residence-permit' },
    { say: '什么条件才能办', has: ['居住证', '条件'], finds: 'residence-permit' },
    { say: '这个证有效期多久', has: ['居住证', '有效期'] },
    { say: '第二个呢？', options: ['居住证申领/签注 首次申领', '居住证申领/签注 签注'], has: ['签注', '材料'], finds: 'residence-permit' },
    { say: '后一个', options: ['居住证申领/签注 首次申领', '居住证申领/签注 签注'], has: ['签注'], finds: 'residence-permit' },
    { say: '还有呢，流程是什么', has: ['居住证', '流程'], finds: 'residence-permit' },
    { say: '那要等几天', has: ['居住证', '几天'] },
  ]),
  ...about('结婚登记要带什么', 'marriage-register', [
    { say: '离婚呢？', has: ['离婚', '带什么'], finds: 'divorce-register' },
    { say: '外国人呢', has: ['外国人', '结婚登记', '带什么'] },
    { say: '外地户口可以吗', has: ['结婚登记', '外地户口'] },
    { say: '需要预约吗', has: ['结婚登记', '预约'] },
    { say: '那收费吗', has: ['结婚登记', '收费'], finds: 'marriage-register' },
    { say: '在哪里办理？', has: ['结婚登记', '在哪'], finds: 'marriage-register' },
  ]),
  ...about('租房怎么提取公积金', 'hpf-withdraw-rent', [
    { say: '能提多少？', has: ['租房', '公积金', '多少'], finds: 'hpf-withdraw-rent' },
    { say: '买房呢', has: ['买房', '提取公积金'] },
    { say: '退休了呢？', has: ['退休', '提取公积金'], finds: 'hpf-withdraw-retire' },
    { say: '多久到账', has: ['租房', '多久'], finds: 'hpf-withdraw-rent' },
    { say: '夫妻双方呢', has: ['夫妻', '公积金'], finds: 'hpf-withdraw-rent' },
    { say: '要租赁合同吗', has: ['公积金', '租赁合同'] },
  ]),
  ...about('生育津贴怎么领', 'maternity-allowance', [
    { say: '能领多少钱', has: ['生育津贴', '多少钱'], finds: 'maternity-allowance' },
    { say: '双胞胎呢？', has: ['双胞胎', '生育津贴'], finds: 'maternity-allowance' },
    { say: '如果是难产呢', has: ['难产', '生育津贴'], finds: 'maternity-allowance' },
    { say: '男职工呢', has: ['男职工', '生育津贴'], finds: 'maternity-allowance' },
    { say: '它什么时候到账？', has: ['生育津贴', '到账'], finds: 'maternity-allowance' },
  ]),
  ...about('开个小饭馆要办什么证', 'food-permit', [
    { say: '多少钱', has: ['多少钱'], finds: 'food-permit' },
    { say: '那流程是怎样的', has: ['怎么'], finds: 'food-permit' },
    { say: '要跑几趟？', has: ['几趟'], finds: 'food-permit' },
  ]),
  ...about('失业金怎么申请', 'unemployment-benefit', [
    { say: '自己辞职的呢？', has: ['辞职', '失业金'], finds: 'unemployment-benefit' },
    { say: '能领几个月？', has: ['失业金', '几个月'], finds: 'unemployment-benefit' },
    { say: '每个月多少', has: ['失业金', '多少'], finds: 'unemployment-benefit' },
    { say: '外地户口的呢', has: ['外地户口', '失业金'], finds: 'unemployment-benefit' },
  ]),
  ...about('注册公司需要什么材料', 'company-register', [
    { say: '个体户呢？', has: ['个体', '材料'], finds: 'individual-business' },
    { say: '要多久', has: ['公司', '多久'] },
    { say: '那注销呢', has: ['注销', '材料'], finds: 'company-cancel' },
  ]),
  ...about('老年公交卡怎么办', 'senior-bus-card', [
    { say: '外地老人呢', has: ['外地', '公交卡'], finds: 'senior-bus-card' },
    { say: '丢了怎么补', has: ['公交卡', '丢了'], finds: 'senior-bus-card' },
    { say: '60岁的呢？', has: ['60岁', '公交卡'], finds: 'senior-bus-card' },
  ]),
];
