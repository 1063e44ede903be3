/** Pairs of matters with the judgement of a person: the same matter brought twice, or two matters. All made up. */
import type { Compared } from '../duplicates.ts';

export interface Pair {
  readonly a: Compared;
  readonly b: Compared;
  readonly same: boolean;
  /** Half of the pairs were looked at while the thresholds were chosen; the others only measure them. */
  readonly held: boolean;
}

type Brief = readonly [detail: string, place?: string | null, person?: string];
const matter = ([detail, place = null, person = null]: Brief | [string, string | null, string | null]): Compared => ({
  title: detail.slice(0, 20),
  detail,
  place,
  citizenKey: person,
  phone: null,
});
const pairs = (same: boolean, held: boolean, all: readonly (readonly [Brief, Brief])[]): Pair[] =>
  all.map(([a, b]) => ({ a: matter(a), b: matter(b), same, held }));

/** The same matter brought twice. */
const tuningSame: readonly (readonly [Brief, Brief])[] = [
  [
    ['幸福路 3 号门口的路灯三天没亮了，晚上走路看不见', '幸福路 3 号'],
    ['门口路灯坏了好几天，一直没人修', '幸福路3号门口'],
  ],
  [
    ['楼上住户半夜装修，吵得孩子睡不着', '和平小区 5 栋', 'web:u1'],
    ['楼上又在半夜装修了，能不能管管', '和平小区5栋', 'web:u1'],
  ],
  [
    ['工厂拖欠我三个月工资不发', null, 'web:u2'],
    ['老板还是不发工资，已经拖了三个月了', null, 'web:u2'],
  ],
  [
    ['小区门口的下水道堵了，污水流到路上很臭', '南浦区演示街 12 号'],
    ['下水道堵塞，污水溢到路面，臭气熏天', '演示街12号'],
  ],
  [
    ['22 路公交车等了一个小时没来', null, 'sms:138'],
    ['投诉 22 路公交车，又等了快一个小时', null, 'sms:138'],
  ],
  [
    ['我申请的公租房半年了还没有结果，请帮忙问问', null, 'web:u3'],
    ['公租房申请交了半年，结果还没出来', null, 'web:u3'],
  ],
  [
    ['家里停水两天了，没有接到任何通知', '样板路 20 号'],
    ['样板路 20 号停水两天，没有通知，什么时候来水', '样板路 20 号'],
  ],
  [
    ['物业不给开门禁卡，说要先交清物业费', '阳光花园', 'web:u4'],
    ['阳光花园物业还是不给办门禁卡，要我先交物业费', '阳光花园小区', 'web:u4'],
  ],
  [
    ['烧烤店油烟直接排到居民楼，开不了窗', '示例大道 8 号'],
    ['一楼烧烤店油烟太大，天天往楼上排，窗户都不敢开', '示例大道8号'],
  ],
  [
    ['社保卡补办一个月了还没拿到', null, 'web:u5'],
    ['补办社保卡已经一个多月，还是没有拿到卡', null, 'web:u5'],
  ],
];
const heldSame: readonly (readonly [Brief, Brief])[] = [
  [
    ['路口的红绿灯坏了，很危险', '范例路与样板路口'],
    ['红绿灯不亮，过马路很危险，请尽快修', '范例路与样板路路口'],
  ],
  [
    ['健身房关门跑路，卡里的钱不退', null, 'web:v1'],
    ['健身房关门了，办卡的钱到现在不退给我', null, 'web:v1'],
  ],
  [
    ['邻居在楼道里堆放杂物，堵住消防通道', '和平小区 2 栋 3 单元'],
    ['楼道堆满杂物，消防通道被堵，有火灾隐患', '和平小区2栋3单元'],
  ],
  [
    ['工地晚上十二点还在施工，噪音很大', '示例大道 30 号工地'],
    ['工地半夜施工噪音太大，没法睡觉', '示例大道30号'],
  ],
  [
    ['孩子转学的申请一直没有人答复', null, 'web:v2'],
    ['转学申请交上去没人答复，孩子要开学了', null, 'web:v2'],
  ],
  [
    ['公园的健身器材断了，会伤到老人', '人民公园'],
    ['人民公园健身器材断裂，请维修，怕伤到人', '人民公园'],
  ],
  [
    ['网约车司机绕路多收了三十块钱', null, 'wx:v3'],
    ['那个网约车绕路多收我三十块，还没有退', null, 'wx:v3'],
  ],
  [
    ['暖气不热，家里只有十四度', '西屏区示范里 6 号', 'web:v4'],
    ['我家暖气还是不热，量了只有十四度', '示范里6号', 'web:v4'],
  ],
  [
    ['流浪狗很多，咬伤了孩子', '北岭县中心小学门口'],
    ['学校门口一群流浪狗，有孩子被咬伤了', '中心小学门口'],
  ],
  [
    ['开发商延期交房一年，要求赔偿', '澜悦府', 'web:v5'],
    ['澜悦府逾期交房一年了，开发商不赔违约金', '澜悦府', 'web:v5'],
  ],
];

/** Two matters, however alike. */
const tuningOther: readonly (readonly [Brief, Brief])[] = [
  [
    ['幸福路 3 号门口的路灯三天没亮了', '幸福路 3 号'],
    ['幸福路 30 号门口的路灯三天没亮了', '幸福路 30 号'],
  ],
  [
    ['楼上住户半夜装修太吵', '和平小区 5 栋', 'web:u1'],
    ['小区的电梯坏了一个星期', '和平小区 5 栋', 'web:u1'],
  ],
  [
    ['工厂拖欠我三个月工资', null, 'web:u2'],
    ['我想问失业金怎么领', null, 'web:u2'],
  ],
  [
    ['身份证丢了怎么补办', null, 'web:a'],
    ['身份证到期怎么换领', null, 'web:b'],
  ],
  [
    ['公积金可以提取来付房租吗', null, 'web:a'],
    ['公积金贷款要什么条件', null, 'web:b'],
  ],
  [
    ['22 路公交车等了一个小时没来', null, 'web:a'],
    ['35 路公交车司机态度不好', null, 'web:b'],
  ],
  [
    ['小区门口下水道堵了', '演示街 12 号'],
    ['小区门口有人乱停车堵住出口', '演示街 12 号'],
  ],
  [
    ['居住证办理需要什么材料', null, 'web:a'],
    ['居住证多久能拿到', null, 'web:c'],
  ],
  [
    ['我要投诉物业乱收费', '阳光花园', 'web:u4'],
    ['物业不处理楼道的垃圾', '阳光花园', 'web:u7'],
  ],
  [
    ['停水两天了', '样板路 20 号'],
    ['停水两天了', '样板路 88 号'],
  ],
];
const heldOther: readonly (readonly [Brief, Brief])[] = [
  [
    ['红绿灯坏了', '范例路与样板路口'],
    ['红绿灯坏了', '示例大道与演示街口'],
  ],
  [
    ['健身房不退卡里的钱', null, 'web:v1'],
    ['健身房教练态度很差', null, 'web:v8'],
  ],
  [
    ['楼道堆放杂物堵住消防通道', '和平小区 2 栋 3 单元'],
    ['楼道的灯不亮', '和平小区 2 栋 3 单元'],
  ],
  [
    ['工地夜间施工噪音大', '示例大道 30 号'],
    ['工地白天扬尘很大，车上都是灰', '示例大道 30 号'],
  ],
  [
    ['孩子转学要什么手续', null, 'web:v2'],
    ['孩子上小学怎么报名', null, 'web:v9'],
  ],
  [
    ['公园健身器材断了', '人民公园'],
    ['公园厕所没有水', '人民公园'],
  ],
  [
    ['医保卡余额怎么查', null, 'web:m'],
    ['医保异地报销怎么办理', null, 'web:n'],
  ],
  [
    ['暖气不热', '示范里 6 号', 'web:v4'],
    ['暖气费能不能网上交', '示范里 6 号', 'web:v4'],
  ],
  [
    ['营业执照怎么办理', null, 'web:x'],
    ['食品经营许可证怎么办理', null, 'web:y'],
  ],
  [
    ['驾驶证到期换证要体检吗', null, 'web:x'],
    ['驾驶证丢了怎么补', null, 'web:z'],
  ],
];

export const labelledPairs: readonly Pair[] = [
  ...pairs(true, false, tuningSame),
  ...pairs(true, true, heldSame),
  ...pairs(false, false, tuningOther),
  ...pairs(false, true, heldOther),
];
