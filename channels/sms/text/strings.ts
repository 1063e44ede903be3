/** The channel's own sentences; everything else is the core's. Each must fit one SMS. */

export interface Strings {
  readonly intro: (assistant: string) => string;
  /** Under every reply: what the next digit or word brings. */
  readonly foot: (more: boolean, human: boolean, zeroIsAnswer: boolean) => string;
  readonly option: (number: number, title: string) => string;
  readonly fullText: (link: string) => string;
  readonly fullTextCode: (landing: string, code: string) => string;
  readonly person: (name: string, text: string) => string;
  readonly rating: string;
  readonly noRating: string;
  /** In front of what a model wrote: the end may be on another page. */
  readonly aiLabel: string;
  readonly optedOut: string;
  readonly optedIn: string;
  readonly help: string;
  readonly noMore: string;
  readonly incomplete: string;
  readonly tooLong: string;
  readonly followUp: (matter: string) => string;
  readonly followUpThanks: string;
}

const zh: Strings = {
  intro: (assistant) => `我是智能助手${assistant}，是机器人。`,
  foot: (more, human, zeroIsAnswer) =>
    [more ? '回“更多”看下文' : '', human ? (zeroIsAnswer ? '回“人工”找真人' : '回0转人工') : ''].filter(Boolean).join('，'),
  option: (number, title) => `${number}：${title}`,
  fullText: (link) => `全文和出处：${link}`,
  fullTextCode: (landing, code) => `全文和出处：${landing} 输短码${code}`,
  person: (name, text) => `${name.startsWith('人工客服') ? name : `工作人员${name}`}：${text}`,
  rating: '请评价本次服务，回一个数字：5非常满意 4满意 3基本满意 2不满意 1非常不满意。不想评回“不评”',
  noRating: '好的，不评价也没关系。想办什么事，直接发短信问我。',
  aiLabel: '（AI 生成）',
  optedOut: '已退订，不再给您发短信。想恢复请回“恢复”。',
  optedIn: '已恢复。想办什么事，直接发短信问我。',
  help: '直接发短信问：比如“居住证怎么办”。选项回数字；“更多”看下文；0转人工；“退订”不再收短信。',
  noMore: '已经是全部内容了。想问别的，直接发短信。',
  incomplete: '您的长短信没有收全，请再发一次，或分成几条短的发。',
  tooLong: '您发的内容太长了，请分成几条短的，每条只说一件事。',
  followUp: (matter) => `回访：您咨询的“${matter}”解决了吗？回1解决了，回2没解决（转工作人员）。`,
  followUpThanks: '好的，谢谢您的反馈！',
};

const en: Strings = {
  intro: (assistant) => `I'm ${assistant}, an automated assistant.`,
  foot: (more, human, zeroIsAnswer) =>
    [more ? 'MORE: rest' : '', human ? (zeroIsAnswer ? 'AGENT: a person' : '0: a person') : ''].filter(Boolean).join('; '),
  option: (number, title) => `${number}: ${title}`,
  fullText: (link) => `Full text, sources: ${link}`,
  fullTextCode: (landing, code) => `Full text, sources: ${landing} code ${code}`,
  person: (name, text) => `${name} (staff): ${text}`,
  rating: 'Please rate this service with a digit: 5 very good, 4 good, 3 fair, 2 poor, 1 very poor; SKIP to leave it',
  noRating: 'No rating, no problem. Just text what you need to get done.',
  aiLabel: '(AI generated) ',
  optedOut: 'You are unsubscribed and will get no more messages. Reply START to resume.',
  optedIn: 'Welcome back. Just text what you need to get done.',
  help: 'Text your question, e.g. "residence permit". Reply a digit to choose, MORE for the rest, 0 for a person, STOP to end messages.',
  noMore: 'That was all of it. Text me any other question.',
  incomplete: 'Part of your long message did not arrive. Please send it again, or in shorter messages.',
  tooLong: 'Your message is too long. Please send shorter ones, one matter each.',
  followUp: (matter) => `Follow-up: is "${matter}" solved? Reply 1 yes, 2 no (our staff will help).`,
  followUpThanks: 'Thank you for letting us know!',
};

/** Sentences for a BCP 47 locale: English for `en…`, Chinese otherwise. */
export const stringsFor = (locale: string): Strings => (locale.toLowerCase().startsWith('en') ? en : zh);
