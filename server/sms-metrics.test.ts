import { afterAll, expect, it } from 'vitest';
import { startCarriers } from '../channels/sms/testing/carriers.ts';
import { startServer } from '../tests/support/server.ts';

const carriers = await startCarriers();
afterAll(async () => {
  for (const carrier of Object.values(carriers)) await carrier.close();
});

it('[R-144] /metrics tells what SMS were sent, delivered and refused, what they cost and what the budget is, and nobody’s number', async () => {
  const { twilio } = carriers;
  const phone = '13800000177';
  const running = await startServer({ ...twilio.environment, SMS_PRICE: '0.05', SMS_DAILY_BUDGET: '1' });
  const metrics = async () => {
    const response = await fetch(`http://127.0.0.1:${running.port}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    return response.text();
  };
  const settled = async () => {
    await running.sms?.settled();
    await running.house.core.settled();
    running.house.outbox.kick();
    await running.house.outbox.settled();
    running.sms?.queue.kick();
    await running.sms?.queue.settled();
  };
  try {
    expect(await metrics()).toMatch(/process_cpu_seconds_total [\d.]+[\s\S]*wenban_sms_today 0/);
    await twilio.push(running, phone, '居住证要多少钱', '1');
    await settled();
    await twilio.report?.(running, phone, true);
    twilio.troubleNext?.({ code: '21614' });
    await twilio.push(running, phone, '居住证在哪办', '2');
    await settled();
    const text = await metrics();
    const value = (line: string) =>
      Number(
        text
          .split('\n')
          .find((one) => one.startsWith(`${line} `))
          ?.split(' ')
          .at(-1),
      );
    const accepted = value('wenban_sms_segments_total{provider="twilio",state="accepted"}');
    expect(accepted).toBeGreaterThan(0);
    expect(value('wenban_sms_segments_total{provider="twilio",state="delivered"}')).toBe(accepted);
    expect(value('wenban_sms_segments_total{provider="twilio",state="failed"}')).toBeGreaterThan(0);
    expect(value('wenban_sms_cost_total{provider="twilio"}')).toBeCloseTo(accepted * 0.05);
    expect([value('wenban_sms_today'), value('wenban_sms_daily_budget'), value('wenban_sms_budget_alarms_total')]).toEqual([
      accepted,
      1,
      1,
    ]);
    expect(value('wenban_sms_open_messages{state="pending"}')).toBe(0);
    expect(text).not.toContain(phone);
  } finally {
    await running.close();
  }
});
