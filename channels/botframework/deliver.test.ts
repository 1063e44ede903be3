import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedActivity } from '../../bot/activity.ts';
import { PermanentDeliveryError } from '../../bot/outbox-sender.ts';
import { outgoingActivity } from './deliver.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let h: Harness;
let count = 0;
let citizen: ReturnType<Harness['citizen']>;
beforeAll(async () => {
  h = await startHarness();
  // The first question learns for seconds without a pause: no delivery may wait behind that.
  const first = h.citizen('warm-up');
  await first.joins();
  await first.says('居住证要多少钱');
});
afterAll(() => h.close());
beforeEach(async () => {
  citizen = h.citizen(`delivery-${++count}`);
  await citizen.joins();
  await h.settled();
});

const rows = () => h.house.database.db.selectFrom('outbox').selectAll().where('conversation_id', '=', citizen.id).orderBy('seq').execute();
const statuses = async () => (await rows()).map((row) => row.status);

describe('Bot Framework: delivery', () => {
  it.each([503, 500, 429, 408])('after a %i it is tried again, and the order stays', async (status) => {
    h.connector.answerNext(status, status);
    const before = h.connector.posts();
    await citizen.says('居住证要多少钱');
    await citizen.says('居住证在哪办');
    // One try a delivery: botbuilder's own retries are off, and the second answer waits for the first.
    expect(h.connector.posts() - before).toBe(1);
    expect(await statuses()).toEqual(['sent', 'pending', 'pending']);
    h.clock.now += 1000;
    await h.settled();
    expect(h.connector.posts() - before).toBe(2);
    h.clock.now += 2000;
    await h.settled();
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);
    expect(citizen.got().map((one) => one.activityInPath)).toEqual([undefined, `delivery-${count}-2`, `delivery-${count}-3`]);
    expect((await rows())[1]).toMatchObject({ attempts: 2 });
  });

  it('while nobody listens it is kept and sent later', async () => {
    const nobody = 'http://127.0.0.1:1';
    expect(await citizen.says({ text: '居住证要多少钱', serviceUrl: nobody })).toEqual([]);
    expect(await statuses()).toEqual(['sent', 'pending']);
    // The channel is back under another address; its next message says where.
    h.clock.now += 1000;
    await citizen.says('居住证在哪办');
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);
    expect(citizen.got()).toHaveLength(3);
  });

  it.each([400, 403, 404, 413])('after a %i it is given up at once, and what follows is sent', async (status) => {
    h.connector.answerNext(status);
    await citizen.says('居住证要多少钱');
    await citizen.says('居住证在哪办');
    expect(await statuses()).toEqual(['sent', 'failed', 'sent']);
    expect((await rows())[1]?.error).toContain(String(status));
  });

  it('a connector that never answers is not waited for without end', async () => {
    h.connector.answerNext('hang');
    const start = Date.now();
    await citizen.says('居住证要多少钱');
    expect(Date.now() - start).toBeLessThan(8000);
    expect(await statuses()).toEqual(['sent', 'pending']);
  });

  it('a conversation without an address is given up', async () => {
    const activity: LoggedActivity = {
      type: 'message',
      id: 'x|0000001',
      seq: 1,
      timestamp: '2026-03-02T02:00:00.000Z',
      conversation: { id: 'x' },
      from: { id: 'wenban' },
    };
    await expect(h.binding.deliver(activity, activity.id)).rejects.toThrow(PermanentDeliveryError);
  });

  it('the end of a stream that this channel never saw is an ordinary message', () => {
    const account = { id: 'a' };
    const sent = outgoingActivity(
      {
        type: 'message',
        id: 'x|0000001',
        seq: 1,
        timestamp: '2026-03-02T02:00:00.000Z',
        conversation: { id: 'x' },
        from: account,
        channelData: { origin: 'ai', streamId: '1', streamType: 'final', streamSequence: 4 },
      },
      {
        channelId: 'msteams',
        serviceUrl: 'https://service.example',
        conversation: { id: 'c', tenantId: 't' },
        bot: account,
        user: account,
      },
      undefined,
    );
    expect(sent).toMatchObject({ channelData: { origin: 'ai' }, conversation: { id: 'c', tenantId: 't' } });
    expect(Object.keys(sent.channelData as object)).toEqual(['origin']);
    expect(sent).not.toHaveProperty('id');
    expect(sent).not.toHaveProperty('replyToId');
  });
});
