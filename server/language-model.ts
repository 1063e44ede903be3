/** The language model as the house uses it: masked, counted, observed, within its budget, and off when the operator says so. */
import type { Logger } from 'pino';
import { TokenBudget } from '../bot/llm/budget.ts';
import { OpenAIModel } from '../bot/llm/client.ts';
import { guardedModel } from '../bot/llm/guarded.ts';
import type { LanguageModel } from '../bot/llm/model.ts';
import { ModelTotals } from '../bot/llm/totals.ts';
import type { Observe } from '../bot/observe.ts';
import { mask } from '../bot/safety/mask.ts';
import type { OpenDatabase } from '../bot/store/database.ts';
import { MODEL_SWITCH, type Switches } from '../bot/switches.ts';
import type { Config } from './config.ts';
import { observedModel } from './observed-model.ts';

export interface LanguageModelParts {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly switches: Switches;
  readonly logger: Logger;
  readonly now: () => number;
  readonly observe: Observe;
}

/** `model` is undefined where none is configured: everything then goes the local way. */
export function openLanguageModel({ config, database, switches, logger, now, observe }: LanguageModelParts): {
  readonly model: LanguageModel | undefined;
  readonly totals: ModelTotals;
} {
  const totals = new ModelTotals();
  if (!config.languageModel) return { model: undefined, totals };
  const budget = new TokenBudget(() => database.db, config.security.modelBudget, now);
  const opened = new OpenAIModel({
    ...config.languageModel,
    mask,
    onUsage: (usage) => {
      totals.add(usage);
      budget
        .count(usage.inputTokens + usage.outputTokens)
        .catch((error: unknown) => logger.error({ err: error }, 'tokens could not be counted'));
      logger.info({ ...usage }, 'language model called');
    },
  });
  const refusal = async () => (switches.isOff(MODEL_SWITCH) ? 'switched off by the operator' : budget.refusal());
  return { model: guardedModel(observedModel(opened, observe), { refusal }), totals };
}
