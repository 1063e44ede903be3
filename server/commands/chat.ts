/** `wenban chat`: the terminal as a push channel of its own; the same core, replies through the outbox. */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import type { LoggedActivity } from '../../bot/activity.ts';
import { plainCapabilities } from '../../bot/render.ts';
import type { Config } from '../config.ts';
import { buildHouse } from '../house.ts';
import { newId } from '../ids.ts';

const channel = 'terminal';

/** Talks until the input ends. Works with a pipe too: every line is a message. */
export async function chatCommand(config: Config, options: { locale: string }): Promise<number> {
  const logger = pino({ level: config.logLevel === 'info' ? 'warn' : config.logLevel }, pino.destination(2));
  const house = await buildHouse({
    config,
    logger,
    channels: [{ name: channel, capabilities: plainCapabilities, deliver: async (activity) => show(activity) }],
    refreshEveryMs: 0,
  });
  const user = { id: `terminal-${newId()}`, role: 'user' as const };
  const { conversation } = await house.core.openConversation({ channel, userId: user.id, locale: options.locale });
  const answered = async () => {
    await house.core.settled(conversation.id);
    house.outbox.kick();
    await house.outbox.settled();
  };
  await answered();
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: process.stdin.isTTY === true });
  lines.setPrompt('\n您> ');
  lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text !== '') {
      if (!process.stdin.isTTY) console.log(text);
      await house.core.receive({
        conversationId: conversation.id,
        messageId: newId(),
        activity: { type: 'message', from: user, text, locale: options.locale },
      });
      await answered();
    }
    lines.prompt();
  }
  await house.close();
  return 0;
}

async function show(activity: LoggedActivity): Promise<void> {
  if (activity.type === 'message') console.log(`\n${activity.from.name ?? '问办'}> ${activity.text ?? ''}`);
  if (activity.type === 'event' && activity.name === 'rating.request')
    console.log('\n（请打分：5 非常满意 4 满意 3 基本满意 2 不满意 1 非常不满意）');
}
