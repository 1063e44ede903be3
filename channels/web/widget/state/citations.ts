/** The schema.org Message entity of an answer: its sources and whether a model wrote it. */
import type { Activity, CitationClaim, MessageEntity } from '../../../../bot/activity.ts';

export interface Source {
  readonly position: number;
  readonly name: string;
  readonly abstract: string;
  readonly url: string | undefined;
}

const entityOf = (activity: Activity): Partial<MessageEntity> | undefined =>
  (activity.entities as Partial<MessageEntity>[] | undefined)?.find((entity) => entity?.type === 'https://schema.org/Message');

/** The sources by their position, ascending. What is malformed is left out. */
export function sourcesOf(activity: Activity): Source[] {
  const claims = entityOf(activity)?.citation;
  if (!Array.isArray(claims)) return [];
  return claims
    .flatMap((claim: Partial<CitationClaim> | null): Source[] => {
      const { position, appearance } = claim ?? {};
      if (typeof position !== 'number' || typeof appearance?.name !== 'string') return [];
      const { name, abstract, url } = appearance;
      return [{ position, name, abstract: typeof abstract === 'string' ? abstract : '', url: safeUrl(url) }];
    })
    .sort((a, b) => a.position - b.position);
}

export function isAiGenerated(activity: Activity): boolean {
  const types = entityOf(activity)?.additionalType;
  return Array.isArray(types) && types.includes('AIGeneratedContent');
}

/** An absolute http(s) address, or undefined: nothing else may become a link. */
export function safeUrl(value: unknown, base?: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const url = new URL(value, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
