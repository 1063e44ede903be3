/** The GSM 7-bit default alphabet with its extension table. Source: 3GPP TS 23.038, section 6.2.1. */

/** In the order of their codes; the 27th is the escape to the extension table. */
const basic = [
  ...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
];
const escapeCode = 0x1b;
/** Sent as an escape and a second septet. */
const extension: readonly (readonly [character: string, code: number])[] = [
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
];
const codes = new Map<string, readonly number[]>([
  ...basic.flatMap((character, code) => (code === escapeCode ? [] : [[character, [code]] as const])),
  ...extension.map(([character, code]) => [character, [escapeCode, code]] as const),
]);
const escaped = new Map(extension.map(([character, code]) => [code, character]));

/** Septets one character takes: 1, 2 for the extension table, undefined when GSM-7 does not have it. */
export function septetsOf(character: string): 1 | 2 | undefined {
  return codes.get(character)?.length as 1 | 2 | undefined;
}

/** Whether every character of the text is in GSM-7. */
export function isGsm7(text: string): boolean {
  for (const character of text) if (!codes.has(character)) return false;
  return true;
}

/** One septet a byte, as direct lines carry it. What GSM-7 does not have becomes a question mark. */
export const encodeGsm7 = (text: string): Buffer => Buffer.from([...text].flatMap((character) => codes.get(character) ?? [0x3f]));

/** Reads septets that stand one a byte. An unknown one after an escape is what it is without it, as phones show it (TS 23.038). */
export function decodeGsm7(septets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < septets.length; at++) {
    const septet = (septets[at] ?? 0) & 0x7f;
    if (septet !== escapeCode) text += basic[septet];
    else if (at + 1 < septets.length) {
      const next = (septets[++at] ?? 0) & 0x7f;
      text += escaped.get(next) ?? (next === escapeCode ? ' ' : basic[next]);
    }
  }
  return text;
}
