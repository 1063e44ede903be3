/** What the scripted assistant of the tests and screenshots says. */
import type { Activity, CitationClaim } from '../../../../bot/activity.ts';

type Said = Partial<Activity>;

const ORIGIN = { origin: 'guide' };

const entity = (citation: CitationClaim[], ai = false): unknown[] => [
  {
    type: 'https://schema.org/Message',
    '@type': 'Message',
    '@context': 'https://schema.org',
    '@id': '',
    additionalType: ai ? ['AIGeneratedContent'] : [],
    citation,
  },
];

const claim = (position: number, name: string, abstract: string): CitationClaim => ({
  '@type': 'Claim',
  position,
  appearance: { '@type': 'DigitalDocument', name, abstract, url: `https://zwfw.anlan.example/guide/${position}` },
});

export const greeting: readonly Said[] = [
  {
    text: '您好，我是安澜市政务服务智能助手小澜，是机器人，不是真人。\n想办什么事，直接说就行：我告诉您带什么、去哪办、多久办好、多少钱。随时可以转人工。',
    textFormat: 'markdown',
    channelData: { origin: 'template' },
    suggestedActions: {
      to: [],
      actions: ['身份证丢了怎么补办', '帮我列一份身份证材料清单', '居住证我能不能办', '查办件进度'].map((title) => ({
        type: 'imBack',
        title,
        value: title,
      })),
    },
  },
];

export const answerWithSources: Said = {
  text: '身份证丢了，可以到**任意派出所户籍窗口**申请补领，不用先登报。[1]\n\n要带的材料：\n1. 居民户口簿原件 [1]\n2. 近期免冠照片（窗口可免费拍）[2]\n3. 未满 16 周岁的，监护人带身份证一起来 [1]\n\n- **多久办好**：法定 60 日，承诺 20 个工作日 [1]\n- **费用**：40 元 [2]\n\n咨询电话 0000-5550110，[网上预约](https://zwfw.anlan.example/book)。',
  textFormat: 'markdown',
  channelData: ORIGIN,
  entities: entity(
    [
      claim(
        1,
        '居民身份证补领办事指南',
        '公民丢失居民身份证的，应当申请补领。申请时交验居民户口簿……自提交申请之日起六十日内发放；承诺时限 20 个工作日。',
      ),
      claim(2, '安澜市公安局户政业务收费与照片采集说明', '丢失补领居民身份证工本费每证 40 元。窗口提供免费照相服务。'),
    ],
    true,
  ),
  suggestedActions: {
    to: [],
    actions: [
      { type: 'imBack', title: '在哪办', value: '在哪办' },
      { type: 'imBack', title: '能代办吗', value: '能代办吗' },
      { type: 'openUrl', title: '网上办理', value: 'https://zwfw.anlan.example/apply' },
    ],
  },
};

export const slotForm: Said = {
  text: '好的，请填一下下面几项，我来给您列材料清单。',
  textFormat: 'markdown',
  channelData: { origin: 'template' },
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        version: '1.5',
        body: [
          { type: 'TextBlock', text: '您的情况', weight: 'Bolder' },
          {
            type: 'Input.ChoiceSet',
            id: 'reason',
            label: '为什么要办？',
            isRequired: true,
            errorMessage: '请选一项',
            choices: [
              { title: '丢失补领', value: 'lost' },
              { title: '到期换领', value: 'expired' },
              { title: '首次申领', value: 'first' },
            ],
          },
          {
            type: 'Input.Text',
            id: 'name',
            label: '申请人姓名',
            isRequired: true,
            errorMessage: '请写姓名，至少两个字',
            regex: '^.{2,20}$',
            placeholder: '比如：张三',
          },
          {
            type: 'Input.Number',
            id: 'age',
            label: '申请人年龄',
            isRequired: true,
            min: 0,
            max: 120,
            errorMessage: '请填 0 到 120 的数字',
          },
          { type: 'Input.Date', id: 'day', label: '想哪天来办' },
        ],
        actions: [{ type: 'Action.Submit', title: '列出材料', data: { wenbanForm: 'id-card' } }],
      },
    },
  ],
};

export const handoffStatus = (value: Record<string, unknown>): Said => ({ type: 'event', name: 'handoff.status', value });

export const agentSays = (text: string): Said => ({
  text,
  textFormat: 'plain',
  from: { id: 'agent', name: '陈静', role: 'bot' },
  channelData: { origin: 'human' },
});

export const ratingRequest: Said = {
  type: 'event',
  name: 'rating.request',
  value: { reasonTags: ['答非所问', '信息过时', '没有一次说清', '找不到入口', '等待太久', '态度不好', '转不到人工', '问题没解决', '其他'] },
};

/** The scripted assistant: a few words it knows, an honest sentence for the rest. */
export function answer(activity: Activity): readonly Said[] {
  if (activity.type === 'event') return [];
  const text = activity.text ?? '';
  if ((activity.value as { wenbanForm?: string } | undefined)?.wenbanForm)
    return [{ text: '收到，材料清单列好了：\n- 居民户口簿\n- 本人到场', channelData: ORIGIN }];
  if (text.includes('身份证丢')) return [answerWithSources];
  if (text.includes('清单')) return [slotForm];
  if (text === '转人工') return [handoffStatus({ state: 'waiting', position: 2 })];
  if (text.includes('卡片'))
    return [
      {
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.hero',
            content: {
              title: '网上办理',
              subtitle: '居民身份证补领',
              text: '可以在网上预约时间。',
              buttons: [{ type: 'openUrl', title: '去预约', value: 'https://zwfw.anlan.example/book' }],
            },
          },
        ],
      },
    ];
  if (text === '不答') return [];
  return [
    {
      text: `您说的是“${text}”。这个问题我的知识库里没有写明，不敢乱答。可以打 **12345**，或者点“转人工”。`,
      channelData: { origin: 'template' },
    },
  ];
}
