/** The SMS channel's counters for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Db } from '../bot/store/database.ts';
import { smsSince, smsStates } from '../bot/store/sms-messages.ts';
import type { SmsMetrics } from '../channels/sms/metrics.ts';
import { dayStart } from '../channels/sms/queue/hours.ts';
import type { SmsSettings } from '../channels/sms/settings.ts';

/**
 * Counters of this process; what today used and what waits are read from the store, true for all processes.
 * @param db asked at each collection, so the house may be built later
 */
export function smsMetrics(registry: Registry, settings: SmsSettings, db: () => Db, now: () => number): SmsMetrics {
  const registers = [registry];
  const segments = new Counter({
    name: 'wenban_sms_segments_total',
    help: 'SMS (segments of messages) that came into a state',
    labelNames: ['provider', 'state'],
    registers,
  });
  const cost = new Counter({
    name: 'wenban_sms_cost_total',
    help: 'What accepted SMS cost, in the currency of SMS_PRICE',
    labelNames: ['provider'],
    registers,
  });
  const alarms = new Counter({ name: 'wenban_sms_budget_alarms_total', help: 'Days whose SMS budget was used up', registers });
  new Gauge({
    name: 'wenban_sms_today',
    help: 'SMS that providers took since midnight in China',
    registers,
    async collect() {
      this.set((await smsSince(db(), dayStart(now()))).segments);
    },
  });
  new Gauge({ name: 'wenban_sms_daily_budget', help: 'SMS a day; 0 = no limit', registers }).set(settings.limits.dailyBudget);
  new Gauge({
    name: 'wenban_sms_open_messages',
    help: 'Messages that wait, are being sent, or whose fate is unknown',
    labelNames: ['state'],
    registers,
    async collect() {
      const states = await smsStates(db());
      for (const state of ['pending', 'sending', 'uncertain'] as const) this.set({ state }, states[state] ?? 0);
    },
  });
  return {
    segments(provider, state, count) {
      segments.inc({ provider: provider || 'none', state }, count);
      if (state === 'accepted') cost.inc({ provider }, count * settings.price);
    },
    alarm: () => alarms.inc(),
  };
}
