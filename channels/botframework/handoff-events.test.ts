import {
  type ConversationAccount,
  EventFactory,
  HandoffEventNames,
  type Activity as SdkActivity,
  type Transcript,
  TurnContext,
} from 'botbuilder';
import { TestAdapter } from 'botbuilder-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

describe('handoff events have the shape of botbuilder’s EventFactory', () => {
  let h: Harness;
  let sent: Harness['connector']['sent'];
  let incoming: ReturnType<ReturnType<Harness['citizen']>['activity']>;
  beforeAll(async () => {
    h = await startHarness();
    const citizen = h.citizen('hub');
    await citizen.says('身份证丢了怎么补办');
    incoming = citizen.activity({ text: '转人工' });
    await citizen.says({ text: '转人工', id: incoming.id });
    await h.house.desk.claim(citizen.id, 'xiaoli');
    await h.house.desk.close(citizen.id, 'xiaoli');
    await h.settled();
    sent = citizen.got();
  });
  afterAll(() => h.close());

  const keys = (value: unknown) => Object.keys(value as object).sort();

  it('handoff.initiate: type, name, context, transcript and whom it is about', () => {
    const ours = sent.find((one) => one.name === 'handoff.initiate');
    const context = new TurnContext(new TestAdapter(), incoming as unknown as SdkActivity);
    const value = { reason: 'asked', skill: 'general', urgency: 'general', summary: '' };
    const theirs = EventFactory.createHandoffInitiation(context, value, { activities: [] } as unknown as Transcript);
    expect(theirs.name).toBe(HandoffEventNames.InitiateHandoff);
    expect([ours?.type, ours?.name]).toEqual([theirs.type, theirs.name]);
    expect(keys(ours?.value)).toEqual(keys(theirs.value));
    expect(ours?.conversation).toEqual(theirs.conversation);
    expect([ours?.serviceUrl, ours?.channelId]).toEqual([theirs.serviceUrl, theirs.channelId]);

    const { activityId: _message, locale: _locale, ...reference } = theirs.relatesTo ?? {};
    expect(ours?.relatesTo).toEqual(reference);

    const [transcript, ...more] = ours?.attachments ?? [];
    expect(more).toEqual([]);
    expect(keys(transcript)).toEqual(keys(theirs.attachments?.[0]));
    expect(transcript).toMatchObject({ contentType: theirs.attachments?.[0]?.contentType, name: theirs.attachments?.[0]?.name });
    const { activities } = (transcript ?? { content: undefined }).content as {
      activities: { type: string; text: string; from: { role: string } }[];
    };
    expect(activities.every((one) => one.type === 'message')).toBe(true);
    expect(activities.find((one) => one.from.role === 'user')?.text).toBe('身份证丢了怎么补办');
  });

  it.each(['accepted', 'completed'])('handoff.status %s: type, name, state and message', (state) => {
    const ours = sent.find((one) => one.name === 'handoff.status' && (one.value as { state: string }).state === state);
    const theirs = EventFactory.createHandoffStatus({ id: 'hub|livechat' } as ConversationAccount, state, 'words');
    expect(theirs.name).toBe(HandoffEventNames.HandoffStatus);
    expect([ours?.type, ours?.name]).toEqual([theirs.type, theirs.name]);
    // Ours may say more (agent, position), never less.
    expect(keys(ours?.value)).toEqual(expect.arrayContaining(keys(theirs.value)));
    expect(ours?.value).toMatchObject({ state, message: expect.any(String) });
    expect(ours?.conversation).toEqual(theirs.conversation);
    expect(ours?.attachments ?? []).toEqual(theirs.attachments);
  });
});
