/** A language model whose calls are seen: as spans and figures, never with their texts. */
import type { LanguageModel } from '../bot/llm/model.ts';
import type { Observe } from '../bot/observe.ts';

export function observedModel(model: LanguageModel, observe: Observe): LanguageModel {
  return {
    id: model.id,
    complete: (request) =>
      observe('model', { prompt: request.prompt }, async (note) => {
        const result = await model.complete(request);
        note({ outcome: result.ok ? 'ok' : result.error.kind });
        return result;
      }),
  };
}
