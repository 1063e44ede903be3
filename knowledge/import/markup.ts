/**
 * Texts are quoted in Markdown answers, and other clients than ours draw those too. What Markdown would turn into a tag, a picture or
 * a link to anything but a web address is changed by one sign, so that it stays what a reader sees: words.
 */
const rules: readonly (readonly [name: string, pattern: RegExp, harmless: (found: string) => string])[] = [
  // <https://…> alone is a plain link.
  ['HTML tags', /<(?!https?:\/\/[^<>\s]+>)(?=[a-z/!?])[^<>]*>?/gi, (found) => found.replace('<', '＜').replace('>', '＞')],
  // A link fetches nothing until somebody follows it.
  ['pictures', /!\[(\]?)(?=\(|[^\]\n]{0,300}\][([])/g, (found) => (found.endsWith(']') ? '[图片]' : '[')],
  ['links that are no web addresses', /\]\((?!https?:\/\/|tel:|mailto:|#|[^\s:&()[\]]{0,500}\))/gi, () => ']（'],
  ['links that are no web addresses', /^( {0,3}\[[^\]\n]+\]):(?=\s*<?\s*(?!https?:\/\/)\S)/gim, (found) => found.replace(/:$/, '：')],
];

/** The text with all such marks made harmless, and the kinds of them it had. Text made harmless stays as it is. */
export function withoutMarkup(text: string): { text: string; kinds: string[] } {
  const kinds = new Set<string>();
  let clean = text;
  for (const [name, pattern, harmless] of rules) {
    const next = clean.replace(pattern, harmless);
    if (next !== clean) kinds.add(name);
    clean = next;
  }
  return { text: clean, kinds: [...kinds] };
}
