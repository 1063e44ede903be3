/** Turns, their steps, model calls and deliveries as Prometheus sees them: this process's own. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Facts, Observe } from '../bot/observe.ts';

/** Seconds: from a look into the state to an answer that a slow model wrote. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** An observer that counts and times what it sees. Labels are channels, outcomes and names of steps and prompts: all from closed sets. */
export function turnMetrics(registry: Registry): Observe {
  const registers = [registry];
  const turns = new Counter({
    name: 'wenban_turns_total',
    help: 'Turns that were recorded, by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'wenban_turn_failures_total',
    help: 'Turns that could not be recorded and were tried again or given up',
    labelNames: ['channel'],
    registers,
  });
  const turnTime = new Histogram({
    name: 'wenban_turn_duration_seconds',
    help: 'From taking a message out of the inbox to its recorded answer',
    labelNames: ['channel'],
    buckets,
    registers,
  });
  const stepTime = new Histogram({
    name: 'wenban_turn_step_duration_seconds',
    help: 'Time of each step of a turn',
    labelNames: ['step'],
    buckets,
    registers,
  });
  const modelTime = new Histogram({
    name: 'wenban_model_call_duration_seconds',
    help: 'Time of each call of the language model with its retry',
    labelNames: ['prompt', 'outcome'],
    buckets,
    registers,
  });
  const deliveries = new Counter({
    name: 'wenban_deliveries_total',
    help: 'Tries to deliver to channels that are pushed to',
    labelNames: ['channel', 'result'],
    registers,
  });
  const deliveryTime = new Histogram({
    name: 'wenban_delivery_duration_seconds',
    help: 'Time of each try to deliver',
    labelNames: ['channel'],
    buckets,
    registers,
  });

  const ended = (step: string, facts: Facts, seconds: number, failed: boolean): void => {
    const channel = String(facts.channel);
    switch (step) {
      case 'turn':
        turnTime.observe({ channel }, seconds);
        if (failed) failures.inc({ channel });
        else turns.inc({ channel, outcome: String(facts.outcome) });
        break;
      case 'deliver':
        deliveryTime.observe({ channel }, seconds);
        deliveries.inc({ channel, result: failed ? 'failed' : 'ok' });
        break;
      case 'model':
        modelTime.observe({ prompt: String(facts.prompt), outcome: String(facts.outcome) }, seconds);
        break;
      default:
        stepTime.observe({ step }, seconds);
    }
  };

  return async (step, facts, work) => {
    const start = performance.now();
    let known = facts;
    let failed = true;
    try {
      const result = await work((more) => {
        known = { ...known, ...more };
      });
      failed = false;
      return result;
    } finally {
      ended(step, known, (performance.now() - start) / 1000, failed);
    }
  };
}
