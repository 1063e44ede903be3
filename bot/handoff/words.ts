/** What a citizen reads while a person is found, joins and leaves: plain Chinese, or English for those who speak it. */

export interface HandoffWords {
  /** Place from 1; minutes undefined: nobody can honestly say. */
  waiting(place: number, minutes: number | undefined): string;
  /** The estimate told before has run out. */
  longer: string;
  handingOver: string;
  /** `nobody` says what to do while no colleague is at the desk. */
  registered(place: number, nobody: string): string;
  /** The expert queue is closed, people of the general queue are there. */
  expertsClosed(skill: string, opens: string): string;
  joined(name: string): string;
  alreadyThere(name: string): string;
  passingOn: string;
  passedTo(name: string): string;
  /** A supervisor goes on instead of the agent. */
  takenOver(name: string): string;
  /** Nobody else could take it; the one before goes on. */
  returned(name: string): string;
  released: string;
  ended: string;
  lost: string;
  left: string;
  messageLeft(input: { number: string; code: string; until: string; opens: string; matterKnown: boolean }): string;
  messageThere(number: string, until: string): string;
}

const zh: HandoffWords = {
  waiting: (place, minutes) =>
    [
      place <= 1 ? '您排在第 1 位，工作人员会尽快接入。' : `您排在第 ${place} 位，前面还有 ${place - 1} 人。`,
      minutes === undefined ? '要等多久现在还估不准。' : `预计${spanZh(minutes)}。`,
      '等待时可以继续提问。',
    ].join(''),
  longer: '对不起，比刚才说的要久一些。',
  handingOver: '正在为您转人工。',
  registered: (place, nobody) => `已经登记转人工，您排在第 ${place} 位。${nobody}`,
  expertsClosed: (skill, opens) => `${skill}专席现在不在值守时间（${opens} 开始），先由综合座席接待您。`,
  joined: (name) => `${personZh(name)} 已接入。之前的对话都能看到，您不用重复。`,
  alreadyThere: (name) => `${name} 正在为您服务，请直接留言。`,
  passingOn: '正在为您转接更合适的工作人员，之前的对话会一并转过去。',
  passedTo: (name) => `已为您转给${personZh(name)}。之前的对话都能看到，您不用重复。`,
  takenOver: (name) => `接下来由${personZh(name)} 为您服务。之前的对话都能看到，您不用重复。`,
  returned: (name) => `暂时没有其他同事能接手，还是由${personZh(name)} 为您服务。`,
  released: '已为您转回智能助手，可以接着提问。需要人工时，随时说“转人工”。',
  ended: '本次人工服务已结束，感谢您的耐心。还有问题可以继续问我。',
  lost: '对不起，和工作人员的连接断开了，正在为您换一位。您排在最前面，之前的对话不会丢。',
  left: '好的，已经取消人工，接着由我来回答。需要人工时，随时说“转人工”。',
  messageLeft: ({ number, code, until, opens, matterKnown }) =>
    [
      `现在不是人工值守时间（${opens} 开始）。已经为您登记留言，工单号 ${number}，查询码 ${code}，最晚 ${until} 前在这里答复您。`,
      matterKnown ? '想补充什么，直接发在这里就行。' : '请把要办的事和您的联系方式直接发在这里，工作人员都能看到。',
      '等的时候可以接着问我。',
    ].join(''),
  messageThere: (number, until) => `您的留言已经登记过了，工单号 ${number}，最晚 ${until} 前答复您。想补充什么，直接发在这里就行。`,
};

const en: HandoffWords = {
  waiting: (place, minutes) =>
    [
      place <= 1 ? 'You are next; somebody will join soon. ' : `You are number ${place} in the queue. `,
      minutes === undefined ? 'How long it will take cannot be said yet. ' : `Estimated wait: ${spanEn(minutes)}. `,
      'You can go on asking meanwhile.',
    ].join(''),
  longer: 'Sorry, it takes longer than we said. ',
  handingOver: 'Connecting you to a person. ',
  registered: (place, nobody) => `Your request for a person is registered; you are number ${place}. ${nobody}`,
  expertsClosed: (skill, opens) => `The experts for ${skill} are off duty (from ${opens}); the general staff will help you first. `,
  joined: (name) => `${personEn(name)} has joined and can see everything above: no need to repeat it.`,
  alreadyThere: (name) => `${personEn(name)} is with you: just write your message.`,
  passingOn: 'Passing you on to a colleague who knows the matter better; everything above goes along. ',
  passedTo: (name) => `${personEn(name)} has taken over and can see everything above: no need to repeat it.`,
  takenOver: (name) => `${personEn(name)} goes on with you from here and can see everything above: no need to repeat it.`,
  returned: (name) => `No other colleague is free right now; ${personEn(name)} goes on with you.`,
  released: 'You are back with the assistant; just go on asking. Say “human” any time you want a person.',
  ended: 'The conversation with our colleague has ended. Thank you for your patience; you can go on asking me.',
  lost: 'Sorry, the connection to our colleague was lost. You are first in the queue for the next one, and nothing above is lost.',
  left: 'All right, no person then; I will go on answering. Say “human” any time you want one.',
  messageLeft: ({ number, code, until, opens, matterKnown }) =>
    [
      `Our staff are off duty now (back ${opens}). Your message is registered as ${number}, code ${code}; you will have an answer here by ${until}. `,
      matterKnown ? 'Anything to add? Just write it here. ' : 'Please write here what it is about and how to reach you. ',
      'You can go on asking me meanwhile.',
    ].join(''),
  messageThere: (number, until) =>
    `Your message is registered already as ${number}; you will have an answer by ${until}. Anything to add? Just write it here.`,
};

/** The words for a locale (BCP 47); languages we don't speak get Chinese. */
export function handoffWords(locale: string): HandoffWords {
  return languageOf(locale) === 'en' ? en : zh;
}

/** The language an agent should speak. */
export function languageOf(locale: string): string {
  return locale.split('-')[0]?.toLowerCase() || 'zh';
}

/** 人工客服01 says by itself who it is; a person's own name needs a word before it. */
const personZh = (name: string): string => (name.startsWith('人工客服') ? name : `工作人员 ${name}`);
const personEn = (name: string): string => name.replace(/^人工客服(\d+)$/, 'Agent $1');

const HOUR = 60;
const spanZh = (minutes: number): string =>
  minutes > HOUR ? '要等一个小时以上' : minutes <= 1 ? '一分钟左右' : `还要等 ${minutes} 分钟左右`;
const spanEn = (minutes: number): string =>
  minutes > HOUR ? 'over an hour' : minutes <= 1 ? 'about a minute' : `about ${minutes} minutes`;
