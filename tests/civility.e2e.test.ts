import { expect, it } from 'vitest';
import { addStaff } from '../bot/store/staff.ts';
import { unseenNotices } from '../bot/store/staff-notices.ts';
import { textsFor } from '../bot/texts.ts';
import { inTown } from './support/town.ts';

const zh = textsFor('zh');
const { town } = inTown();

const insults = ['傻逼机器人', '滚', '你们这群废物', '傻逼', '脑残玩意', '滚蛋', '去死吧', '傻逼', '滚'];

it('[R-120] abuse alone is met with patience, a request, a warning, and then people look at it, once; the assistant limits nobody', async () => {
  const { db } = town().house.database;
  await addStaff(db, { name: '值班长', role: 'supervisor', passwordHash: 'x' }, 1);
  await addStaff(db, { name: '座席', role: 'agent', passwordHash: 'x' }, 1);
  const citizen = await town().citizen();
  const said: string[] = [];
  for (const insult of insults) {
    const reply = await citizen.says(insult);
    expect([reply.turn.reason, reply.buttons]).toEqual(['outburst', ['转人工']]);
    said.push(reply.text);
  }
  const { dissuade, warn, review } = zh.civility;
  expect(said).toEqual([zh.outburst, zh.soothing.again, dissuade, dissuade, warn, warn, review, warn, warn]);
  const told = await unseenNotices(db, '值班长');
  expect(told.map(({ kind, conversationId }) => [kind, conversationId])).toEqual([['abuse', citizen.conversationId]]);
  expect(await unseenNotices(db, '座席')).toEqual([]);
  expect((await citizen.conversation()).mode).toBe('bot');

  // Whatever was said before: danger, complaints, errands and a person are answered as to anybody.
  expect((await citizen.says('傻逼，我家着火了')).text).toContain('119');
  expect((await citizen.says('我要投诉')).text).not.toContain(warn);
  expect((await citizen.says('妈的，居住证要多少钱')).turn).toMatchObject({ outcome: 'answered', reason: 'residence-permit' });
  expect((await citizen.says('转人工')).turn.outcome).toBe('handed_over');
});

it('[R-120] who comes to the matter is not reminded of what they said', async () => {
  const citizen = await town().citizen();
  for (const insult of insults.slice(0, 4)) await citizen.says(insult);
  for (const question of ['居住证多久办好', '护照多少钱', '身份证丢了怎么补办']) await citizen.says(question);
  expect((await citizen.says('废物')).text).toBe(zh.outburst);
});
