/** Citizens with nine keys on the real server, over a provider that carries any text. */
import { afterAll } from 'vitest';
import { startCarriers } from '../channels/sms/testing/carriers.ts';
import { describeConversations } from '../channels/sms/testing/conversations.ts';

const carriers = await startCarriers();
afterAll(async () => {
  for (const carrier of Object.values(carriers)) await carrier.close();
});

describeConversations(carriers.smpp);
