/** The citations and AI label of a message, read with care: the log may hold entities of any shape. */
import type { LoggedActivity } from './types.ts';

export interface Source {
  readonly position: number;
  readonly name: string;
  readonly url: string | undefined;
  readonly abstract: string | undefined;
}

type Loose = Record<string, unknown>;
const isRecord = (value: unknown): value is Loose => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Sources in the order of their numbers, and whether a model wrote the text. */
export function sourcesOf(activity: LoggedActivity): { sources: Source[]; isAi: boolean } {
  const entity = (activity.entities ?? []).filter(isRecord).find((candidate) => candidate.type === 'https://schema.org/Message');
  const citations = Array.isArray(entity?.citation) ? entity.citation.filter(isRecord) : [];
  const sources = citations.flatMap(({ position, appearance }) => {
    const name = isRecord(appearance) ? text(appearance.name) : undefined;
    if (!isRecord(appearance) || name === undefined || typeof position !== 'number') return [];
    return [{ position, name, url: text(appearance.url), abstract: text(appearance.abstract) }];
  });
  const isAi = Array.isArray(entity?.additionalType) && entity.additionalType.includes('AIGeneratedContent');
  return { sources: sources.sort((a, b) => a.position - b.position), isAi };
}
