/** The desk's vocabulary: what codes are called, and sentences agents use all day. */

const channels: Record<string, string> = {
  web: '网页',
  botframework: 'Bot Framework',
  terminal: '终端',
  directline: '网页',
  webchat: '网页',
  wechat: '微信',
  'wechat-oa': '微信公众号',
  'wechat-mp': '微信小程序',
  wechaty: '个人微信',
  wecom: '企业微信',
  sms: '短信',
  emulator: '调试器',
  chat: '终端',
  phone: '电话',
  hall: '窗口',
  online: '网上',
};
export const channelName = (channel: string): string => channels[channel] ?? channel;

const reasons: Record<string, string> = {
  asked: '市民要求人工',
  emergency: '紧急情况后要求人工',
  angry: '市民情绪激动',
  not_understood: '多次没有听懂',
  flow: '办理流程需要人工',
  expert: '需要专业解答',
};
export const reasonName = (reason: string): string => reasons[reason] ?? reason;

export const skillName = (skill: string): string => (skill === 'general' ? '综合' : skill);

export const urgencyName = { urgent: '紧急', sub_urgent: '较急', general: '一般' } as const;

const outcomes: Record<string, string> = {
  answered: '答上了',
  clarified: '请市民选一个',
  in_flow: '导办中',
  flow_completed: '导办完成',
  flow_cancelled: '导办取消',
  small_talk: '寒暄',
  repeated: '重复',
  handed_over: '转人工',
  with_agent: '人工接待中',
  emergency_routed: '紧急情况指引',
  declined_out_of_scope: '不是政务',
  declined_not_accepted: '不受理，已指路',
  channel_closed: '渠道停用，已告知电话',
  privacy_request: '个人信息请求',
  declined_prohibited: '拒答',
  unanswerable_not_found: '没找到',
  unanswerable_not_understood: '没听懂',
  unanswerable_attachment: '只有附件',
  failed_internal: '内部出错',
};
export const outcomeName = (outcome: string): string => outcomes[outcome] ?? outcome;

export const roleName = { agent: '座席', editor: '知识编辑', analyst: '分析员', supervisor: '值班长', admin: '管理员' } as const;

const profileLabels: Record<string, string> = {
  name: '姓名',
  phone: '电话',
  region: '地区',
  district: '区县',
  company: '单位',
  audience: '身份',
  page: '来源页面',
  elder: '长辈版',
  locale: '语言',
};
export const profileLabel = (key: string): string => profileLabels[key] ?? key;

const handoffs: Record<string, string> = { waiting: '在等人工', active: '人工接待中', released: '交回机器人', closed: '人工已办结' };
/** What became of a request for a person. */
export const handoffName = (status: string): string => handoffs[status] ?? status;
