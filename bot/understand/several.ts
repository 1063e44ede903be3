/** Several matters in one message: each part that stands on its own is answered on its own, in order. */

const most = 3;
/** Shorter parts are no matter, nor an answer to a flow's question. */
const shortest = 2;
const breaks = /[?？。！!；;\n]+|[,，]?(?=(?:另外|还有(?!什么|哪|没|多)|顺便|再问|还想问|其次|第二个?[,，是]|对了|以及))/u;
const lead =
  /^(?:另外|还有|顺便(?:问一?下|再问)?|再问一?下?|还想问一?下?|其次|对了|以及|第[一二三]个?(?:是|问题)?|请问|我想问一?下?)+[,，:：]?\s*/u;

/** The parts of a message that may be questions of their own; one or none when it is about one thing. Input: the text as typed. */
export function partsOf(text: string): string[] {
  const parts = text
    .split(breaks)
    .map((part) =>
      part
        .trim()
        .replace(lead, '')
        .replace(/[,，\s]+$/u, ''),
    )
    .filter((part) => part.replace(/[\p{P}\p{S}\s]+/gu, '').length >= shortest);
  return parts.length > most ? [] : parts;
}
