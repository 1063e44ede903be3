/** Child process of the kill test: accepts messages as fast as it can and prints each id once it has been acknowledged. */
import { writeSync } from 'node:fs';
import { openDatabase } from '../database.ts';
import { acceptMessage } from '../inbox.ts';

const [config, prefix] = process.argv.slice(2);
const database = await openDatabase(JSON.parse(config ?? '{}'));

async function writer(name: string): Promise<never> {
  for (let index = 0; ; index++) {
    const messageId = `${prefix}-${name}-${index}`;
    const activity = { type: 'message' as const, from: { id: 'u1', role: 'user' as const }, text: messageId };
    await database.transaction((tx) => acceptMessage(tx, { channel: 'web', messageId, conversationId: 'c1', activity }, Date.now()));
    writeSync(1, `${messageId}\n`);
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(writer));
