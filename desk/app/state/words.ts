/** The desk's vocabulary: what codes are called, and sentences agents use all day. */

const channels: Record<string, string> = {
  web: '网页',
  botframework: 'Bot Framework',
  terminal: '终端',
  directline: '网页',
  webchat: '网页',
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

/** Ready sentences; pressing one puts it into the message box, where it can still be changed. */
export const cannedReplies: readonly { readonly title: string; readonly text: string }[] = [
  { title: '问候', text: '您好，我是工作人员，之前的对话我已经看过，下面由我继续为您服务。' },
  { title: '请稍等', text: '我正在为您核实，大约需要两分钟，请稍等。' },
  { title: '核对情况', text: '为了答得准确，请您补充一下具体情况：办理人是谁、在哪个区、目前办到哪一步。' },
  { title: '需到窗口', text: '这项业务需要到窗口办理。请带齐上面列出的材料，办理前可以先电话确认窗口时间。' },
  { title: '还有问题吗', text: '以上是需要您准备的全部内容。请问还有其他问题吗？' },
  { title: '结束语', text: '感谢您的咨询，稍后会邀请您对本次服务作出评价。祝您生活愉快！' },
];
