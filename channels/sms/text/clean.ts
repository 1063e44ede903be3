/** What a reply may hold on a phone with nine keys: plain words, no marks of Markdown, no emoji, no brackets of a signature. */

/** Pictures and what joins and colours them. Digits, # and * are `Emoji` too and must stay. */
const pictures = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0e\ufe0f\u20e3]/gu;
/** © ® ™ and arrows count as pictographs, though every phone shows them as text. */
const textual = /^[\u00a9\u00ae\u2122\u2190-\u21ff]$/;

/** A reply's text for an SMS; the shape of lines is kept, empty lines go. */
export function clean(text: string): string {
  return (
    text
      .replace(/\*\*([^*]+)\*\*/g, '$1')
      .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '$1 $2')
      .replace(/\s?\[\d{1,2}\]/g, '')
      // A list inside an answer must not look like digits to reply with.
      .replace(/^(\s*)(\d{1,2})\.\s+/gm, '$1($2)')
      .replace(/^\s*[-*•]\s+/gm, '·')
      .replace(/【/g, '（')
      .replace(/】/g, '）')
      .replace(pictures, (found) => (textual.test(found) ? found : ''))
      .replace(/\p{Cc}/gu, (found) => (found === '\n' ? '\n' : ' '))
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ *\n[ \n]*/g, '\n')
      .trim()
  );
}
