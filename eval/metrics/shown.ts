/** What a citizen reads of a reply: marks and emphasis are drawn, not read. */

const plain = (text: string): string =>
  text
    .replace(/\[(\d+)\]/g, '')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/\*\*/g, '')
    .replace(/[^\S\n]+\n/g, '\n')
    .trim();

/** Everything on the screen, source line and all. */
export const shownText = (markdown: string): string => plain(markdown);

/** The first line names the source (or repeats the FAQ's question) in bold; it is a label, not an answer. */
const label = /^\*\*[^\n]+\*\*(?:（[^（）\n]*）)?\s*(?:\[\d+\])*\s*\n/;

/** The answer alone, without the line that names its source. */
export const answerText = (markdown: string): string => plain(markdown.replace(label, ''));
