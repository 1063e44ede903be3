/** Sentences for citizens, by key, in the languages the assistant speaks. Knowledge itself stays in its own language. */
import type { AskedElement } from './answer/elements.ts';

/** Where people are helped without this assistant: telephone, window, website. */
export interface HelpWays {
  readonly hotline: string;
  /** Of the hotline. */
  readonly hours: string;
  readonly hall: { readonly name: string; readonly address: string; readonly hours: string };
  readonly portalUrl: string;
}

export interface Texts {
  readonly greeting: (assistant: string, city: string, sample: boolean) => string;
  readonly greetingQuestions: readonly string[];
  readonly elements: Record<AskedElement, string>;
  readonly elementMissing: (element: string) => string;
  readonly inScenario: (name: string) => string;
  readonly exempt: (material: string) => string;
  readonly morePlaces: (names: readonly string[]) => string;
  readonly askFurther: string;
  readonly handleOnline: string;
  readonly handleMobile: string;
  readonly bookVisit: string;
  readonly human: string;
  readonly officialLanguage: string;
  readonly seeGuide: (name: string) => string;
  readonly clarify: string;
  /** Above errands that belong together; one press leads to each. */
  readonly listing: Record<'material' | 'department' | 'audience' | 'topic', (name: string) => string> & {
    /** Some of these need the material but fetch it themselves. */
    readonly exempt: string;
    /** Button under the first of many. */
    readonly more: string;
  };
  /** Above the nearest there is, when nothing is sure. */
  readonly clarifyUnsure: string;
  /** `hotline`: where nothing else names one. */
  readonly notFound: (department: { name: string; phone?: string } | undefined, hotline: string | undefined) => string;
  /** A complaint, a report, a plea for help or a suggestion that the knowledge has nothing on: people take it in. */
  readonly forPeople: (department: { name: string; phone?: string } | undefined) => string;
  /** To somebody who says that they have a complaint and not yet which: what to tell, and that it is taken in. */
  readonly tellMatter: Record<'complaint' | 'report' | 'suggestion' | 'help', string>;
  readonly notUnderstood: string;
  readonly notUnderstoodAgain: string;
  readonly outOfScope: string;
  readonly attachmentOnly: string;
  readonly smallTalk: Record<'greeting' | 'thanks' | 'goodbye' | 'praise', string> & {
    readonly identity: (assistant: string) => string;
    readonly scope: (city: string) => string;
    readonly complaint_about_bot: string;
  };
  /** The last choice of a question which of several is meant, and what is said to it. */
  readonly noneOfThese: string;
  readonly noneChosen: string;
  readonly flowCancelled: string;
  /** Before a guided flow in a language it is not written in; empty where it is. */
  readonly flowLanguage: string;
  /** Before the open question when somebody wants to know what was asked. */
  readonly questionWas: string;
  readonly nothingAsked: string;
  /** The citizen wants no messages of our own accord. */
  readonly stopped: string;
  /** Where an interrupted flow stands. */
  readonly resumeOffer: (flow: string, question: string) => string;
  readonly resumeGo: string;
  readonly resumeRestart: string;
  readonly resumes: (flow: string) => string;
  readonly nothingToResume: string;
  /** Once after a silence, and when the silence lasts. */
  readonly idleReminder: string;
  readonly idleEnd: string;
  /** One sentence before the substance of an answer (R-050). */
  readonly soothing: Record<'anxious' | 'angry' | 'again', string>;
  /** To abuse again and again (R-120): each said before people are asked to look. */
  readonly civility: Record<'dissuade' | 'warn' | 'review', string>;
  /** To nothing but an outburst. */
  readonly outburst: string;
  /** After a flow has ended; empty says nothing. */
  readonly completed: string;
  readonly flowResumes: string;
  readonly nothingToCancel: string;
  readonly nothingToRepeat: string;
  /** Before an answer that is repeated from knowledge that has changed meanwhile. */
  readonly changedSince: string;
  /** Instead of an answer whose source is no longer in force. */
  readonly withdrawnSince: string;
  readonly nobodyOnline: (hotline: string, hours: string) => string;
  /** The button for a code that leads on at a window, the code with its last day, and where there is nothing to take along. */
  readonly windowCode: string;
  readonly windowCodeIs: (code: string, until: string) => string;
  readonly nothingForWindow: string;
  readonly rated: string;
  readonly ratedBad: string;
  readonly alreadyRated: string;
  readonly invalidRating: string;
  readonly internalError: (hotline: string) => string;
  /** Under a failure: telephone, window and website with their hours (R-036). */
  readonly otherWays: (ways: HelpWays) => string;
  readonly channelClosed: (hotline: string) => string;
  readonly tooFast: (hotline: string) => string;
  readonly searching: string;
}

const zh: Texts = {
  greeting: (assistant, city, sample) =>
    `您好，我是${city}政务服务智能助手${assistant}，是机器人，不是真人。\n想办什么事，直接说就行：我告诉您带什么、去哪办、多久办好、多少钱。随时可以转人工。${sample ? '\n（这里是示例城市，地址、电话和网址都是虚构的。）' : ''}`,
  greetingQuestions: ['身份证丢了怎么补办', '帮我列一份身份证材料清单', '居住证我能不能办', '查办件进度'],
  elements: {
    conditions: '谁能办',
    materials: '要带的材料',
    process: '怎么办',
    online: '网上办',
    time: '多久办好',
    fee: '费用',
    place: '在哪办',
    phone: '咨询电话',
    complaint: '监督投诉电话',
    visits: '要跑几趟',
    result: '能拿到什么',
    basis: '依据',
  },
  elementMissing: (element) => `指南里没有写“${element}”，请先打咨询电话确认，免得白跑。`,
  inScenario: (name) => `${name}，另带：`,
  exempt: (material) => `不用带 ${material}`,
  morePlaces: (names) => `还能去：${names.join('、')}。`,
  askFurther: '拿不准就先打电话问：',
  handleOnline: '网上办理',
  handleMobile: '手机办理',
  bookVisit: '预约取号',
  human: '转人工',
  officialLanguage: '',
  seeGuide: (name) => `看《${name}》办事指南`,
  clarify: '您想问的是哪一件？',
  listing: {
    material: (name) => `要用到**${name}**的事有这些，点一件，告诉您怎么办：`,
    department: (name) => `**${name}**办这些事，点一件，告诉您怎么办：`,
    audience: (name) => `**${name}**能办这些事，点一件，告诉您怎么办：`,
    topic: (name) => `跟**${name}**有关的事有这些，点一件，告诉您怎么办：`,
    exempt: '有的能免提交，不一定真要带，点进去看清楚。',
    more: '还有哪些',
  },
  clarifyUnsure: '我不敢肯定您问的是哪一件，是下面的吗？都不是的话，换个说法，或者点“转人工”。',
  notFound: (department, hotline) => {
    const theirs = department ? `这类事可能归**${department.name}**管${department.phone ? `，电话 ${department.phone}` : ''}。` : '';
    const call = hotline === undefined ? '' : `也可以打 **${hotline}**。`;
    return `这个问题我的知识库里没有写明，不敢乱答。\n${theirs}${call}点“转人工”，我们的工作人员来答；换个说法再问一次也行。`;
  },
  forPeople: (department) =>
    `这件事要人来处理${department ? `，可能归**${department.name}**管${department.phone ? `，电话 ${department.phone}` : ''}` : ''}。\n点“转人工”，工作人员给您登记、转给他们办，办得怎样随时能查。`,
  tellMatter: {
    complaint:
      '好，您说，我听着：什么事、在哪里、什么时候、您希望怎么解决。说完点“转人工”，工作人员给您登记成工单，有编号，随时能查；不在班上也会登记。',
    report: '好，您说：谁、在哪里、什么时候、做了什么，有照片可以发上来。说完点“转人工”，工作人员替您登记、转给主管部门，您的信息会保密。',
    suggestion: '谢谢您，请说说您的建议：是哪件事、现在怎样、您觉得怎么改好。说完点“转人工”，工作人员登记转给主管部门，办得怎样能查。',
    help: '别急，请说说遇到了什么难处、在哪里、要不要马上有人来。有生命危险请直接打 110、119 或 120；其他的，说完点“转人工”，由工作人员帮您。',
  },
  notUnderstood: '我没看懂这句话。请用一句话说说您想办什么事，比如“居住证怎么办”。',
  notUnderstoodAgain: '还是没弄明白，不好意思。要不要让工作人员来帮您？点“转人工”就行；也可以换个说法再试一次。',
  outOfScope: '这个我帮不上，我只管政务服务的事：证件、社保、公积金、医保、入学、开店开公司、税费这些。\n想办哪件，直接说。',
  attachmentOnly: '文件收到了，工作人员能看到。我还看不懂图片和文件里的内容，请用文字说说您想办什么事；要让人看，点“转人工”。',
  smallTalk: {
    greeting: '您好！想办什么事？直接说就行。',
    thanks: '不客气，能帮上就好。还有别的事，接着问。',
    goodbye: '好的，祝您办事顺利。需要时随时来找我。',
    praise: '谢谢您！还有别的事，接着问。',
    identity: (assistant) =>
      `我是智能助手${assistant}，是机器人，不是真人。我只按办事指南和政策文件回答，每句都标明出处。想找真人，点“转人工”。`,
    scope: (city) =>
      `我能做三件事：\n1. 回答${city}政务服务的问题：要什么材料、去哪办、多久、多少钱。\n2. 一步步带您办：列材料清单、看能不能办、查办件进度。\n3. 帮您转人工。\n打官司、仲裁、纪检举报、行政复议这类事，我会告诉您该找谁。`,
    complaint_about_bot: '对不起，没帮上您。要不要我转给工作人员？点“转人工”就行。也可以换个说法，我再试一次。',
  },
  noneOfThese: '都不是',
  noneChosen: '好的，那不是这几件。请换个说法，多说一点情况：办什么事、给谁办。也可以点“转人工”。',
  flowCancelled: '好的，先不办了。想继续的时候再告诉我。',
  flowLanguage: '',
  questionWas: '我刚才问的是：',
  nothingAsked: '我现在没有在等您回答。想办什么事，直接说就行。',
  stopped: '好的，不再主动给您发消息。想办事的时候直接说就行。',
  resumeOffer: (flow, question) => `上次我们在办**${flow}**，停在这一步：${question}\n接着办，还是重新开始？`,
  resumeGo: '接着办',
  resumeRestart: '重新开始',
  resumes: (flow) => `好，接着办**${flow}**。`,
  nothingToResume: '没有找到办到一半的事，可能已经办完或过期了。想办什么，直接说就行。',
  idleReminder: '您还在吗？不着急，方便的时候接着答这一步就行；不想办了，说“算了”。',
  idleEnd: '先到这里。办到一半的内容我记着，回来说一声“继续”就接着办。',
  soothing: {
    anxious: '您别着急，我们一样一样来。',
    angry: '让您费心了，真对不起；想直接找人说，随时点“转人工”。',
    again: '一直没能让您满意，真对不起；现在就可以点“转人工”，由工作人员来帮您。',
  },
  civility: {
    dissuade: '您心里有气，我听见了。骂人的话帮不上您，说说是哪件事没办好，我马上查；想直接找人，点“转人工”。',
    warn: '请您好好说话。要办的事、要投诉的事照样给您办：说出是什么事，或者点“转人工”。再只是骂人，我会请值班长来看这段对话。',
    review: '我已经请值班长来看这段对话，怎么处理由人来决定，我不会自己拦您。急事、投诉、要办的事，随时说，照样受理。',
  },
  outburst: '听得出您很着急，对不起。请告诉我是哪件事没办好，我马上查；想直接找人说，点“转人工”。',
  completed: '',
  flowResumes: '我们接着刚才的：',
  nothingToCancel: '好的。现在没有正在办的事，想办什么直接说。',
  nothingToRepeat: '我还没说过什么呢。想办什么事，直接说就行。',
  changedSince: '内容刚更新过，以这次说的为准：',
  withdrawnSince: '刚才那条答复的依据已经停用，不能再照着办。',
  nobodyOnline: (hotline, hours) =>
    `现在没有工作人员在线，有人上线就会看到您的留言。着急的话请打 ${hotline}（${hours}）。等的时候可以接着问我。`,
  windowCode: '去窗口办',
  windowCodeIs: (code, until) =>
    `您的窗口办理码：**${code}**，${until}前有效。\n到窗口报这个码，工作人员就能看到您在这里填的内容和要带的材料，不用从头再说。请不要把码发给别人。`,
  nothingForWindow: '去窗口办没问题。先告诉我要办什么事，我把要带的材料理好，再给您一个办理码，到窗口不用从头再说。',
  rated: '谢谢您的评价！',
  ratedBad: '谢谢您直说。您的评价和原因已经记下，会有人看。',
  alreadyRated: '您已经评价过这次服务了，谢谢！',
  invalidRating: '评价没有收到，请选一到五星再提交。',
  tooFast: (hotline) => `您发得太快，我来不及一条条回答。这些话我都留着；请过一分钟，把要问的合成一条再发。急事请打 **${hotline}**。`,
  channelClosed: (hotline) => `这个渠道的智能问答现在停用了。要办的事请打 **${hotline}**，有人接听；您发来的话我们留着，没有丢。`,
  internalError: (hotline) => `对不起，我这边出了点问题，刚才那句没处理好。请再说一次；急事请打 **${hotline}**，或点“转人工”。`,
  otherWays: ({ hotline, hours, hall, portalUrl }) =>
    `问人有三种办法：\n- 打电话：**${hotline}**，${hours}\n- 到现场：${hall.name}，${hall.address}，${hall.hours}\n- 上网：${portalUrl}`,
  searching: '正在查办事指南…',
};

const en: Texts = {
  ...zh,
  greeting: (assistant, city, sample) =>
    `Hello, I'm ${assistant}, the automated assistant for government services of ${city}. I'm a machine, not a person.\nTell me what you need to get done: what to bring, where to go, how long it takes, what it costs. You can ask for a person at any time.${sample ? '\n(This is a sample city: addresses, phone numbers and links are made up.)' : ''}`,
  greetingQuestions: ['I lost my ID card, how do I replace it', 'Residence permit: what do I need to bring', 'Check my application'],
  elements: {
    conditions: 'Who can apply',
    materials: 'What to bring',
    process: 'How to do it',
    online: 'Online',
    time: 'How long it takes',
    fee: 'Fee',
    place: 'Where',
    phone: 'Enquiries',
    complaint: 'Complaints',
    visits: 'Visits needed',
    result: 'What you get',
    basis: 'Legal basis',
  },
  elementMissing: (element) => `The guide does not say (${element}). Please call to check before you set out.`,
  inScenario: (name) => `${name}: also bring `,
  exempt: (material) => `not needed: ${material}`,
  morePlaces: (names) => `Also at: ${names.join(', ')}.`,
  askFurther: 'Not sure? Call first: ',
  handleOnline: 'Apply online',
  handleMobile: 'Apply by phone',
  bookVisit: 'Book a visit',
  human: 'Talk to a person',
  officialLanguage: 'The official text is in Chinese and is quoted as it stands.',
  seeGuide: (name) => `Guide: ${name}`,
  clarify: 'Which of these do you mean?',
  listing: {
    material: (name) => `These need **${name}**. Choose one to see how it is done:`,
    department: (name) => `**${name}** handles these. Choose one to see how it is done:`,
    audience: (name) => `These are for **${name}**. Choose one to see how it is done:`,
    topic: (name) => `These have to do with **${name}**. Choose one to see how it is done:`,
    exempt: 'Some fetch it themselves, so you may not have to bring it: see each.',
    more: 'More',
  },
  clarifyUnsure: 'I am not sure what you mean. Is it one of these? If not, put it another way, or talk to a person.',
  notFound: (department, hotline) =>
    `My knowledge base does not say, so I won't guess.\n${department ? `This may belong to **${department.name}**${department.phone ? `, phone ${department.phone}` : ''}. ` : ''}${hotline === undefined ? '' : `You can call **${hotline}**. `}Press "Talk to a person" and a colleague answers.`,
  forPeople: (department) =>
    `This needs people.${department ? ` It may belong to **${department.name}**${department.phone ? `, phone ${department.phone}` : ''}.` : ''}\nPress "Talk to a person": a colleague takes it down and passes it on.`,
  tellMatter: {
    complaint:
      'Please tell me: what happened, where, when, and what you would like done. Then press "Talk to a person": a colleague takes it down under a number you can follow.',
    report:
      'Please tell me: who, where, when, and what they did; photos are welcome. Then press "Talk to a person": a colleague passes it on. Your details stay confidential.',
    suggestion:
      'Thank you. What is it about, how is it now, and what would be better? Then press "Talk to a person": a colleague passes it on.',
    help: 'Please tell me what is wrong, where, and whether somebody must come at once. In danger of life call 110, 119 or 120. Otherwise press "Talk to a person".',
  },
  notUnderstood: 'I did not understand that. Please say in one sentence what you need to get done, for example "residence permit".',
  notUnderstoodAgain: 'I still don\'t understand, sorry. Shall a colleague help you? Press "Talk to a person", or try other words.',
  outOfScope:
    "I can't help with that. I only know government services: certificates, social security, housing fund, medical insurance, school, business, tax.\nTell me which one you need.",
  attachmentOnly:
    'Your file has arrived and our staff can see it. I cannot read files yet: please tell me in words what you need, or ask for a person.',
  smallTalk: {
    greeting: 'Hello! What do you need to get done?',
    thanks: "You're welcome. Ask me anything else you need.",
    goodbye: 'Goodbye, and good luck with your errand.',
    praise: 'Thank you! Ask me anything else you need.',
    identity: (assistant) =>
      `I'm ${assistant}, an automated assistant, not a person. I answer only from guides and policy documents and name every source. Press "Talk to a person" to reach our staff.`,
    scope: (city) =>
      `I can do three things:\n1. Answer questions about government services of ${city}: what to bring, where, how long, how much.\n2. Guide you step by step: list of materials, eligibility, progress of an application.\n3. Hand you over to a person.`,
    complaint_about_bot: 'Sorry that I could not help. Shall I hand you over to a person? You can also try other words.',
  },
  noneOfThese: 'None of these',
  noneChosen: 'All right, none of those. Please tell me a little more: what do you need to get done, and for whom? Or ask for a person.',
  flowCancelled: "All right, I've stopped. Tell me when you want to go on.",
  flowLanguage:
    'This guided service asks its questions in Chinese only. You can answer in English, or press "Talk to a person" and a colleague will help you.',
  questionWas: 'My question was: ',
  nothingAsked: "I'm not waiting for an answer right now. What do you need to get done?",
  stopped: "All right, I won't send you messages on my own. Just write when you need something.",
  resumeOffer: (flow, question) => `Last time we were at **${flow}** and stopped here: ${question}\nGo on, or start over?`,
  resumeGo: 'Go on',
  resumeRestart: 'Start over',
  resumes: (flow) => `Going on with **${flow}**.`,
  nothingToResume: 'I find nothing that was left unfinished. What do you need to get done?',
  idleReminder: 'Are you still there? No hurry: answer this step when it suits you, or say "cancel" to stop.',
  idleEnd: 'Let\'s leave it here. What you have told me is kept: say "continue" when you come back.',
  soothing: {
    anxious: "Don't worry, we'll take it step by step.",
    angry: 'I am sorry for the trouble. You can press "Talk to a person" at any time.',
    again: 'I am sorry that I still have not helped. Press "Talk to a person" and a colleague will take over.',
  },
  civility: {
    dissuade:
      'I hear that you are angry. Insults will not get it done: tell me what went wrong and I will look at once, or press "Talk to a person".',
    warn: 'Please keep it civil. Your errand or complaint is taken in all the same: say what it is, or press "Talk to a person". If this goes on, I will ask a supervisor to look at this conversation.',
    review:
      'I have asked a supervisor to look at this conversation. A person decides what follows; I will not shut you out. Emergencies, complaints and errands are welcome at any time.',
  },
  outburst:
    'I can tell that something has gone wrong, and I am sorry. Tell me what it is about and I will look at once, or press "Talk to a person".',
  flowResumes: 'Back to where we were:',
  nothingToCancel: 'All right. Nothing is under way. What do you need?',
  nothingToRepeat: "I haven't said anything yet. What do you need to get done?",
  changedSince: 'This has just been updated. Please go by what follows:',
  withdrawnSince: 'What I told you is no longer in force: please do not rely on it.',
  nobodyOnline: (hotline, hours) =>
    `No colleague is online right now. Your request is recorded and will be seen by the next one. If it is urgent, call **${hotline}** (${hours}).`,
  windowCode: 'Go on at a window',
  windowCodeIs: (code, until) =>
    `Your code for the window: **${code}**, good until ${until}.\nTell it at the window: they will see what you filled in here and what to bring, and you need not start over. Please do not pass it on.`,
  nothingForWindow: 'Of course. Tell me first what you need to get done: I list what to bring and give you a code for the window.',
  rated: 'Thank you for your rating!',
  ratedBad: 'Thank you for saying so plainly. Your rating and reasons are recorded and will be read.',
  alreadyRated: 'You have already rated this service. Thank you!',
  invalidRating: 'The rating did not arrive. Please choose one to five stars and send it again.',
  tooFast: (hotline) =>
    `You are writing faster than I can answer. Your messages are kept; please wait a minute and put your question into one. If it is urgent call **${hotline}**.`,
  channelClosed: (hotline) =>
    `The assistant is switched off on this channel for now. Please call **${hotline}**, where people answer; your message is kept.`,
  internalError: (hotline) =>
    `Sorry, something went wrong on my side with that message. Please say it again. If it is urgent call **${hotline}**, or ask for a person.`,
  otherWays: ({ hotline, hours, hall, portalUrl }) =>
    `Three ways to ask:\n- Call **${hotline}** (${hours})\n- Go to ${hall.name}, ${hall.address} (${hall.hours})\n- Online: ${portalUrl}`,
  searching: 'Looking it up…',
};

/** Texts for a BCP 47 locale: English for `en…`, Chinese otherwise. */
export function textsFor(locale: string): Texts {
  return locale.toLowerCase().startsWith('en') ? en : zh;
}
