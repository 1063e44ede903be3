import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { openHouse } from '../../bot/handoff/testing/house.ts';
import { deskRoutes } from '../../desk/api/router.ts';
import { plainOptions } from '../../desk/api/testing/options.ts';
import { startConversation } from '../../docs/examples/citizen.ts';
import { startServer } from '../../tests/support/server.ts';
import { operationId } from './document.ts';
import { examples } from './examples.ts';
import { apiGroups } from './routes.ts';

describe('examples', () => {
  it('in the document are what the routes take and answer', async () => {
    const house = await openHouse();
    try {
      const groups = apiGroups(deskRoutes(plainOptions(house)).map((one) => one.spec));
      const routes = new Map(
        groups.flatMap(({ prefix, routes: all }) => all.map((one) => [operationId(one.method, prefix + one.path), one] as const)),
      );
      const problems = (schema: z.ZodType | undefined, value: unknown) =>
        value === undefined ? [] : (schema?.safeParse(value).error?.issues ?? (schema ? [] : ['no schema']));
      for (const [name, { request, response }] of Object.entries(examples)) {
        const route = routes.get(name);
        expect([name, route !== undefined]).toEqual([name, true]);
        expect([name, problems(route?.body, request), problems(route?.response, response)]).toEqual([name, [], []]);
      }
    } finally {
      await house.close();
    }
  });

  it('of a client talks with a real server, and repeating itself says it once', { timeout: 60_000 }, async () => {
    const server = await startServer();
    try {
      const citizen = await startConversation(server.url);
      const id = await citizen.say('身份证丢了怎么补办？', 'question-1');
      expect(await citizen.say('身份证丢了怎么补办？', 'question-1')).toBe(id);
      let answer: string | undefined;
      for (let tries = 0; answer === undefined && tries < 100; tries++, await sleep(200))
        answer = (await citizen.news()).find((activity) => activity.replyToId === id)?.text;
      expect(answer).toContain('身份证');
      await expect(startConversation(`${server.url}/nothing`)).rejects.toThrow('NotFound');
    } finally {
      await server.close();
    }
  });
});
