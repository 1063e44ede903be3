/** `wenban sms …`: what was sent, consent given elsewhere, and notices from other systems. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { z } from 'zod';
import { smsSince, smsStates } from '../../bot/store/sms-messages.ts';
import { giveConsent } from '../../bot/store/sms-numbers.ts';
import { type Notice, noticeKinds, queueNotice } from '../../channels/sms/notify.ts';
import { dayStart } from '../../channels/sms/queue/hours.ts';
import { noticeRulesOf } from '../../channels/sms/sms.ts';
import { maskPhone, toE164 } from '../../channels/sms/text/phone.ts';
import type { Config } from '../config.ts';
import { badUsage, type CommandTools } from './command.ts';
import { withStore } from './with-store.ts';

/** Adds `wenban sms status|allow|notify`. */
export function addSmsCommands(program: Command, { run, configured }: CommandTools): void {
  const sms = program.command('sms').description('text messages');
  sms
    .command('status')
    .description('messages by state, and what today cost')
    .option('--json')
    .action(run((flags: { json?: boolean }) => smsStatusCommand(configured(), flags)));
  sms
    .command('allow <number>')
    .description('record a consent to reminders that was given elsewhere')
    .requiredOption('--source <text>', 'how it was given: a form, at the counter')
    .action(run((number: string, options: { source: string }) => smsAllowCommand(configured(), number, options.source)));
  sms
    .command('notify <file>')
    .description('queue reminders, progress messages and follow-up questions, one JSON object a line')
    .action(run((file: string) => smsNotifyCommand(configured(), file)));
}

export async function smsStatusCommand(config: Config, flags: { json?: boolean }, now = Date.now()): Promise<number> {
  return withStore(config, async ({ db }) => {
    const states = await smsStates(db);
    const today = await smsSince(db, dayStart(now));
    const cost = today.segments * (config.sms?.price ?? 0);
    if (flags.json) console.log(JSON.stringify({ states, today, cost, dailyBudget: config.sms?.limits.dailyBudget ?? 0 }));
    else {
      for (const [state, count] of Object.entries(states)) console.log(`${state.padEnd(12)} ${count}`);
      console.log(`今天 today: ${today.messages} messages, ${today.segments} SMS${cost > 0 ? `, 费用 cost ${cost.toFixed(2)}` : ''}`);
    }
    return 0;
  });
}

/** Exit code 2 for what is no phone number. */
export async function smsAllowCommand(config: Config, number: string, source: string, now = Date.now()): Promise<number> {
  const phone = toE164(number);
  if (phone === undefined) {
    console.error(`不是手机号 no phone number: ${number}`);
    return badUsage;
  }
  return withStore(config, async ({ db }) => {
    await giveConsent(db, phone, source.slice(0, 200), now);
    console.log(`已记录 recorded: ${maskPhone(phone)}`);
    return 0;
  });
}

const moment = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));

const phoneNumber = z.string().transform((value, context) => {
  const phone = toE164(value);
  if (phone === undefined) context.addIssue({ code: 'custom', message: 'is no phone number' });
  return phone ?? '';
});
const noticeFields = {
  key: z.string().min(1).max(200),
  kind: z.enum(noticeKinds),
  text: z.string().trim().min(1).max(180),
  vars: z.record(z.string(), z.string()).default({}),
  dueAt: moment.optional(),
  expiresAt: moment.optional(),
};
const noticeSchema = z.union(
  [z.strictObject({ ...noticeFields, phone: phoneNumber }), z.strictObject({ ...noticeFields, userId: z.string().min(1) })],
  { error: 'needs key, phone or userId, kind, text; may have vars, dueAt, expiresAt' },
);

function noticeOf({ key, ...given }: z.infer<typeof noticeSchema>): Notice {
  const prefixed = `notice:${key}`;
  if ('phone' in given) {
    const { phone, ...notice } = given;
    return { ...notice, key: prefixed, to: { phone } };
  }
  const { userId, ...notice } = given;
  return { ...notice, key: prefixed, to: { userId } };
}

/** Queues each line for the running server. Exit code 1 when one was wrong or refused, 2 when SMS is off. */
export async function smsNotifyCommand(config: Config, file: string, now = Date.now()): Promise<number> {
  const { sms } = config;
  if (!sms) {
    console.error('短信没有配置 SMS is off: SMS_PROVIDER is empty');
    return badUsage;
  }
  return withStore(config, async ({ db }) => {
    const counts: Record<string, number> = {};
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() === '') continue;
      const parsed = noticeSchema.safeParse(asJson(text));
      const outcome = parsed.success ? await queueNotice(db, now, noticeRulesOf(sms), noticeOf(parsed.data)) : 'wrong';
      if (!parsed.success)
        console.error(`${file}:${line} ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    for (const [outcome, count] of Object.entries(counts)) console.log(`${outcome}\t${count}`);
    return Object.keys(counts).some((outcome) => outcome !== 'queued' && outcome !== 'already_queued') ? 1 : 0;
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
