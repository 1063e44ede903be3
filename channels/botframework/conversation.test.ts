import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConversation } from '../../bot/store/conversations.ts';
import { findRating } from '../../bot/store/ratings.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => {
  expect([h.connector.problems, h.errors]).toEqual([[], []]);
  await h.close();
});

const texts = (sent: readonly { text?: string | undefined }[]) => sent.map((one) => one.text ?? '').join('\n');

const botbuilderIsLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/node_modules/botbuilder/'));

describe('Bot Framework: a conversation holds', () => {
  it('loads botbuilder with the first delivery, not before', async () => {
    const citizen = h.citizen('first');
    expect(botbuilderIsLoaded()).toBe(false);
    await citizen.joins();
    await h.settled();
    expect(botbuilderIsLoaded()).toBe(true);
  });

  it('greets exactly once, however often members join', async () => {
    const citizen = h.citizen('greeted');
    expect((await citizen.joins()).status).toBe(200);
    await Promise.all([citizen.joins(), citizen.joins()]);
    await h.settled();
    expect(citizen.got()).toHaveLength(1);
    expect(citizen.got()[0]).toMatchObject({ type: 'message', text: expect.stringContaining('智能助手'), activityInPath: undefined });
    await citizen.says('谢谢');
    expect(citizen.got()).toHaveLength(2);
  });

  it('greets once when the bot and the person join one after the other, and remembers the person', async () => {
    const citizen = h.citizen('web-chat', { channelId: 'webchat' });
    const { recipient, from } = citizen.activity({});
    const service = { id: 'service', name: 'Web Chat' };
    await citizen.says({ type: 'conversationUpdate', from: service, membersAdded: [recipient] });
    await citizen.says({ type: 'conversationUpdate', from: service, membersAdded: [from] });
    expect(citizen.got()).toHaveLength(1);
    await citizen.says('居住证要多少钱');
    expect(citizen.got().at(-1)).toMatchObject({ recipient: { id: from.id }, channelId: 'webchat' });
  });

  it('answers a first message that nobody announced, after the greeting', async () => {
    const sent = await h.citizen('sudden').says('居住证要多少钱');
    expect(sent).toHaveLength(2);
    expect(sent[0]?.text).toContain('智能助手');
    expect(sent[1]?.text).toContain('20 元');
  });

  it('answers with citations, actions and the channel’s own ids and accounts', async () => {
    const citizen = h.citizen('cited');
    await citizen.joins();
    await h.settled();
    const [answer, ...more] = await citizen.says('身份证丢了怎么补办要带什么');
    expect(more).toEqual([]);
    expect(answer).toMatchObject({
      type: 'message',
      textFormat: 'markdown',
      channelId: 'emulator',
      conversation: { id: 'cited|livechat' },
      from: { id: 'bot-1', name: h.house.manifest.assistantName, role: 'bot' },
      recipient: { id: 'user-cited' },
      replyToId: 'cited-2',
      conversationInPath: 'cited|livechat',
      activityInPath: 'cited-2',
      channelData: { origin: 'guide' },
    });
    const logged = (await h.house.log.read(citizen.id, 0)).at(-1);
    expect(logged?.entities?.length).toBe(1);
    // botbuilder's own serialisation would keep `type` only.
    expect(answer?.entities).toEqual(logged?.entities);
    expect(answer?.suggestedActions).toEqual(logged?.suggestedActions);
  });

  it('shows a form as an Adaptive Card and takes its values, which carry no text', async () => {
    const citizen = h.citizen('form');
    const asked = (await citizen.says('查办件进度')).at(-1);
    const logged = (await h.house.log.read(citizen.id, 0)).at(-1);
    expect(asked?.attachments).toEqual(logged?.attachments);
    expect(asked?.attachments?.[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    const answer = await citizen.says({
      channelData: { postBack: true },
      value: { wenbanForm: 'receipt', receipt: 'AL2026000101', phoneTail: '1101' },
    });
    expect(texts(answer)).toContain('查到了');
    const submitted = (await h.house.log.read(citizen.id, 0)).findLast((one) => one.from.role === 'user');
    expect(submitted).toMatchObject({ text: 'AL2026000101，1101', channelData: { activityId: 'form-2' } });
  });

  it('[R-033] hands over on 转人工, and the person’s words arrive under the name citizens see', async () => {
    const citizen = h.citizen('handoff');
    await citizen.says('身份证丢了怎么补办');
    const sent = await citizen.says('转人工');
    expect(sent.map((one) => one.name ?? one.type)).toEqual([
      'handoff.initiate',
      'handoff.status',
      'message',
      ...sent.slice(3).map(() => 'message'),
    ]);
    expect(sent[0]).toMatchObject({
      relatesTo: { conversation: { id: 'handoff|livechat' }, user: { id: 'user-handoff' }, serviceUrl: h.connector.origin },
      attachments: [{ contentType: 'application/json', name: 'Transcript' }],
    });
    const before = h.connector.sent.length;
    expect(await h.house.desk.claim(citizen.id, 'xiaoli')).toBe('claimed');
    await h.house.desk.say(citizen.id, 'xiaoli', { text: '您好，我来帮您。', messageId: '1' });
    await h.settled();
    const fromPerson = h.connector.sent.slice(before);
    expect(fromPerson[0]).toMatchObject({ name: 'handoff.status', value: { state: 'accepted', agent: '人工客服' } });
    expect(fromPerson.at(-1)).toMatchObject({
      text: '您好，我来帮您。',
      from: { id: 'bot-1', name: '人工客服' },
      channelData: { origin: 'human' },
    });
    expect(await citizen.says('好的')).toEqual([]);
  });

  it('takes the rating as an event', async () => {
    const citizen = h.citizen('rated');
    await citizen.joins();
    await citizen.says({ type: 'event', name: 'rating.submit', value: { score: 5, tags: [], comment: '很清楚' } });
    expect(await findRating(h.house.database.db, citizen.id)).toMatchObject({ score: 5, comment: '很清楚', channel: 'botframework' });
  });

  it('answers a message that is delivered twice once, also at the same moment', async () => {
    const citizen = h.citizen('twice');
    await citizen.joins();
    await h.settled();
    const message = citizen.activity({ text: '居住证要多少钱' });
    const answers = await Promise.all([h.post(message), h.post(message), h.post(message)]);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
    expect((await h.post(message)).status).toBe(200);
    await h.settled();
    expect(citizen.got()).toHaveLength(2);
  });

  it('keeps conversations of different channels apart, though they have the same id', async () => {
    const one = h.citizen('same');
    const other = h.citizen('same', { channelId: 'webchat' });
    await one.says('居住证要多少钱');
    await other.says('居住证要多少钱');
    expect(one.id).not.toBe(other.id);
    expect(one.id).toMatch(/^[\w-]{43}$/);
    expect(h.connector.sent.slice(-4).map((sent) => sent.channelId)).toEqual(['emulator', 'emulator', 'webchat', 'webchat']);
  });

  it('follows a channel that moves to another server', async () => {
    const citizen = h.citizen('moved');
    await citizen.says('居住证要多少钱');
    const moved = h.connector.origin.replace('127.0.0.1', 'localhost');
    await citizen.says({ text: '居住证在哪办', serviceUrl: moved });
    expect(citizen.got().at(-1)?.serviceUrl).toBe(moved);
    expect((await findConversation(h.house.database.db, citizen.id))?.profile).toMatchObject({
      name: 'User',
      botFramework: { serviceUrl: moved },
    });
  });

  it('passes typing on and keeps no activity it has no use for', async () => {
    const citizen = h.citizen('quiet');
    await citizen.joins();
    await h.settled();
    const heard: unknown[] = [];
    const unfollow = h.house.log.follow(citizen.id, (event) => heard.push(event));
    await citizen.says({ type: 'typing' });
    unfollow();
    expect(heard).toEqual([{ kind: 'transient', activity: { type: 'typing', from: { id: 'user-quiet', role: 'user' } } }]);
    for (const type of ['messageReaction', 'installationUpdate', 'endOfConversation', 'contactRelationUpdate', 'trace']) {
      expect(await citizen.says({ type })).toEqual([]);
    }
    expect(await h.house.log.read(citizen.id, 0)).toHaveLength(2);
  });
});
