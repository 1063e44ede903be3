import type { Strings } from '../strings/strings.ts';
import type { Source } from './citations.ts';
import { plainText } from './markdown.ts';

/**
 * An answer as plain text. The sources and the AI label go with it: copies must keep the label
 * (人工智能生成合成内容标识办法, Art. 4).
 */
export function answerAsText(text: string, sources: readonly Source[], ai: boolean, t: Pick<Strings, 'sources' | 'aiLabel'>): string {
  const lines = [plainText(text)];
  if (sources.length > 0) {
    lines.push('', `${t.sources}:`, ...sources.map(({ position, name, url }) => `[${position}] ${name}${url ? ` ${url}` : ''}`));
  }
  if (ai) lines.push('', `（${t.aiLabel}）`);
  return lines.join('\n');
}
