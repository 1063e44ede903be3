/** The channel on a real store, log and outbox, with a core that answers by a script: for what the channel alone must do. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { Activity } from '../../../bot/activity.ts';
import { ConversationLog } from '../../../bot/log.ts';
import { OutboxSender } from '../../../bot/outbox-sender.ts';
import { createConversation } from '../../../bot/store/conversations.ts';
import { openDatabase } from '../../../bot/store/database.ts';
import { acceptMessage } from '../../../bot/store/inbox.ts';
import { smsStates } from '../../../bot/store/sms-messages.ts';
import { PAGE_PATH, SMS_CHANNEL, SMS_PATH, type SmsHouse } from '../options.ts';
import { smsSettings } from '../settings.ts';
import { createSms, type LineTimers } from '../sms.ts';

export type Harness = Awaited<ReturnType<typeof startHarness>>;

const bot = { id: 'wenban', name: '小澜', role: 'bot' as const };

export async function startHarness(
  environment: Record<string, string>,
  given: { publicUrl?: string; reply?: (text: string) => Partial<Activity>; timers?: LineTimers } = {},
) {
  const parsed = smsSettings(environment);
  if (!parsed.ok || !parsed.sms) throw new Error(parsed.ok ? 'SMS is off' : parsed.problems.join('; '));
  const settings = parsed.sms;
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-sms-'));
  const database = await openDatabase({ dataDir });
  const clock = { now: Date.parse('2026-03-02T10:00:00+08:00') };
  const now = () => clock.now;
  const logged: { level: string; fields: object; message: string }[] = [];
  const note = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const log = new ConversationLog({ database, now, pushChannels: new Set([SMS_CHANNEL]) });
  let ids = 0;
  /** What reached the core, in order. */
  const received: { text: string; conversationId: string; messageId: string }[] = [];
  let broken = false;
  let coreBroken = false;

  const append = async (conversationId: string, activities: readonly Activity[]) => {
    const all = await database.transaction((tx) => log.append(tx, { id: conversationId, channel: SMS_CHANNEL }, activities));
    log.announce(conversationId, all.at(-1)?.seq ?? 0);
  };
  const core: SmsHouse['core'] = {
    log,
    async openConversation(input) {
      const result = await database.transaction((tx) => createConversation(tx, { locale: 'zh-CN', ...input }, now()));
      if (result.created) await append(input.id, [{ type: 'message', from: bot, text: '您好，我是智能助手。' }]);
      return result;
    },
    async receive({ conversationId, messageId, activity }) {
      if (coreBroken) throw new Error('the core takes nothing');
      const incoming = { ...activity, from: { id: 'citizen', role: 'user' } } as unknown as Activity;
      const receipt = await database.transaction((tx) =>
        acceptMessage(tx, { channel: SMS_CHANNEL, messageId, conversationId, activity: incoming }, now()),
      );
      if (receipt.duplicate) return receipt;
      const text = activity.text ?? `${activity.name} ${JSON.stringify(activity.value)}`;
      received.push({ text, conversationId, messageId });
      await append(conversationId, [
        { type: 'message', from: bot, text: `答：${text}`, replyToId: receipt.activityId, ...given.reply?.(text) },
      ]);
      return receipt;
    },
  };
  const sms = createSms(settings, {
    house: () => {
      if (broken) throw new Error('the store is out of order');
      return { core, database, assistant: bot };
    },
    now,
    newId: () => `id${String(++ids).padStart(20, '0')}`,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    conversationKey: async () => 'a conversation key for tests only',
    publicUrl: given.publicUrl,
    everyMs: 0,
    ...given.timers,
  });
  const outbox = new OutboxSender({
    database,
    log,
    now,
    channels: new Map([[SMS_CHANNEL, sms.binding.deliver]]),
    onError: (error) => note('error')({ err: error }, 'a delivery failed'),
  });
  sms.start();
  const app = express().use(SMS_PATH, sms.router).use(PAGE_PATH, sms.pages);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function settled() {
    for (let round = 0; round < 2; round++) {
      outbox.kick();
      await outbox.settled();
      sms.queue.kick();
      await sms.queue.settled();
    }
  }
  return {
    sms,
    database,
    log,
    clock,
    logged,
    received,
    url,
    settled,
    /** A citizen's text, without a line to come over. */
    inbound: (from: string, text: string) => sms.arrivals.inbound(settings.providers[0] ?? '', { id: `in-${++ids}`, from, port: '', text }),
    /** Nothing can be stored. */
    setBroken: (value: boolean) => {
      broken = value;
    },
    /** What was stored can't be worked on. */
    setCoreBroken: (value: boolean) => {
      coreBroken = value;
    },
    /** Lets time pass in steps, as the timers of a server would see it. */
    async passes(ms: number, step: number) {
      // What was said before the time passes is on its way by then.
      await settled();
      for (let gone = 0; gone < ms; gone += step) {
        clock.now += step;
        sms.queue.kick();
        await sms.queue.settled();
      }
    },
    async post(path: string, body: string | object, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}${SMS_PATH}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const answer = { status: response.status, text: await response.text() };
      await sms.settled();
      return answer;
    },
    states: () => smsStates(database.db),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sms.close();
      await outbox.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
