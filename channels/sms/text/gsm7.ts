/** The GSM 7-bit default alphabet with its extension table. Source: 3GPP TS 23.038, section 6.2.1. */

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Sent as an escape and a second septet. */
const extension = new Set('\f^{}\\[~]|€');

/** Septets one character takes: 1, 2 for the extension table, undefined when GSM-7 does not have it. */
export function septetsOf(character: string): 1 | 2 | undefined {
  if (basic.has(character)) return 1;
  return extension.has(character) ? 2 : undefined;
}

/** Whether every character of the text is in GSM-7. */
export function isGsm7(text: string): boolean {
  for (const character of text) if (septetsOf(character) === undefined) return false;
  return true;
}
