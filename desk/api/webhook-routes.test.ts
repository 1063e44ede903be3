import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimDelivery, dueDeliveries, keepDelivery, settleDelivery } from '../../bot/store/webhook-deliveries.ts';
import { type DeskClient, type DeskServer, startDeskServer } from './testing/server.ts';

let server: DeskServer;
let boss: DeskClient;
beforeAll(async () => {
  server = await startDeskServer();
  boss = await server.signedIn('boss');
});
afterAll(() => server.close());

describe('[R-127] webhooks at the desk', () => {
  it('are set up, listed without their secret, tested, paused, given a new secret, removed', async () => {
    const made = await boss.post('/admin/webhooks', {
      url: 'https://orders.example/hook',
      kinds: ['order', 'order'],
      department: '民政局',
    });
    const { id, secret } = made.body as { id: string; secret: string };
    expect(secret).toMatch(/^whsec_/);
    const listed = await boss.get('/admin/webhooks');
    expect(listed.body).toMatchObject([{ id, kinds: ['order'], department: '民政局', fields: 'basic', state: 'on', waiting: 0 }]);
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    expect((await boss.post(`/admin/webhooks/${id}/test`, {})).body).toEqual({ code: 204, error: null });
    expect((await boss.request('PUT', `/admin/webhooks/${id}/state`, { state: 'off' })).status).toBe(204);
    const rotated = (await boss.post(`/admin/webhooks/${id}/rotate`, {})).body as { secret: string };
    expect(rotated.secret).not.toBe(secret);
    expect((await boss.get('/admin/webhooks')).body).toMatchObject([
      { state: 'off', note: 'boss 停用', oldSecretUntil: expect.stringContaining('T') },
    ]);
    expect((await boss.request('DELETE', `/admin/webhooks/${id}`)).status).toBe(204);
    expect((await boss.request('DELETE', `/admin/webhooks/${id}`)).status).toBe(404);
    expect((await boss.get('/admin/webhooks')).body).toEqual([]);
  });

  it('only https, only known kinds; nobody but administrators', async () => {
    for (const body of [
      { url: 'http://a.example', kinds: ['order'] },
      { url: 'https://a.example', kinds: ['gossip'] },
      { url: 'https://a.example', kinds: [] },
    ])
      expect((await boss.post('/admin/webhooks', body)).status).toBe(400);
    const sup = await server.signedIn('sup');
    expect((await sup.get('/admin/webhooks')).status).toBe(403);
  });

  it('what was given up is seen without its content, and sent again once', async () => {
    const made = await boss.post('/admin/webhooks', { url: 'https://orders.example/hook', kinds: ['order'] });
    const { id } = made.body as { id: string };
    const { db } = server.house.database;
    const at = server.house.clock.now;
    const event = { eventId: 'evt_1', type: 'order.receive', subject: 'o1', conversationId: null, orderId: null, body: '{"data":"words"}' };
    await keepDelivery(db, { webhookId: id, ...event }, at);
    const [due] = await dueDeliveries(db, id, at, 5);
    if (!due) throw new Error('nothing is due');
    expect(await claimDelivery(db, due, at + 1)).toBe(true);
    await settleDelivery(db, due.id, { status: 'dead', code: 500, error: 'the receiver answered 500', at });
    const log = await boss.get(`/admin/webhooks/${id}/deliveries?status=dead`);
    expect(log.body).toMatchObject([
      { id: due.id, eventId: 'evt_1', name: '工单受理', attempts: 1, code: 500, error: 'the receiver answered 500' },
    ]);
    expect(JSON.stringify(log.body)).not.toContain('words');
    expect((await boss.post(`/admin/webhook-deliveries/${due.id}/resend`, {})).status).toBe(204);
    expect((await boss.post(`/admin/webhook-deliveries/${due.id}/resend`, {})).status).toBe(409);
    expect((await boss.get('/admin/webhooks')).body).toMatchObject([{ waiting: 1, failed: 0 }]);
  });
});
