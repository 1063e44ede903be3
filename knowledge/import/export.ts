/** Gives a pack back as lines that import again to the same content. */
import { canonicalJson } from '../digest.ts';
import type { KnowledgeRepository } from '../repository.ts';

/**
 * The items of a pack as JSONL lines in our own form, sorted by id. Importing them gives identical digests; guides with gaps
 * (from real exports) need `strict: false` to come back in.
 */
export async function exportKnowledge(repository: KnowledgeRepository, pack: string): Promise<string[]> {
  const stored = await repository.list({ pack });
  const items = stored.map(({ item }) => item).sort((a, b) => (a.id < b.id ? -1 : 1));
  return items.map((item) => canonicalJson(item));
}
