/** A language model that may be switched off and has a daily allowance: when it may not be asked, callers hear at once what they hear of an outage. */
import type { LanguageModel } from './model.ts';

export interface ModelGuard {
  /** Why the model may not be asked now; undefined: it may. */
  refusal(): Promise<string | undefined>;
}

/** The model behind a guard; nothing leaves the house while the guard refuses. */
export function guardedModel(model: LanguageModel, guard: ModelGuard): LanguageModel {
  return {
    id: model.id,
    complete: async (request) => {
      const message = await guard.refusal();
      return message === undefined ? model.complete(request) : { ok: false, error: { kind: 'resting', message } };
    },
  };
}
