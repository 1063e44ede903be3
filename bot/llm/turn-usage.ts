/** Which calls of a language model belong to which turn, without handing a counter through everything a turn does. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModelUsage } from './model.ts';

const scope = new AsyncLocalStorage<{ readonly figures: Record<string, number>; readonly visitor: string | undefined }>();

/**
 * Runs a turn's work and adds what its model calls cost to `figures`: modelCalls, modelMs, modelInputTokens, modelCachedTokens,
 * modelOutputTokens and, where prices are configured, modelCost. Nothing is added when no model was asked. `visitor`: whose turn it is.
 */
export function withModelUsage<T>(figures: Record<string, number>, work: () => Promise<T>, visitor?: string): Promise<T> {
  return scope.run({ figures, visitor }, work);
}

/** Whose turn is running; undefined outside of turns. */
export const visitorOfTurn = (): string | undefined => scope.getStore()?.visitor;

/** Called by the client after every call. */
export function noteUsage(usage: ModelUsage): void {
  const figures = scope.getStore()?.figures;
  if (!figures) return;
  const add = (key: string, value: number) => {
    figures[key] = (figures[key] ?? 0) + value;
  };
  add('modelCalls', 1);
  add('modelMs', usage.ms);
  add('modelInputTokens', usage.inputTokens);
  add('modelCachedTokens', usage.cachedTokens);
  add('modelOutputTokens', usage.outputTokens);
  if (usage.cost !== undefined) add('modelCost', usage.cost);
}
