/** QR codes for the terminal and for web pages. The library is that which wechaty brings along: nobody else needs one. */

interface QrCode {
  toString(text: string, options: { type: 'utf8' | 'svg'; margin: number; errorCorrectionLevel: 'M' }): Promise<string>;
}
export interface DrawnQrCode {
  /** Blocks for a terminal. */
  readonly terminal: string;
  readonly svg: string;
}

/** Draws a text as a QR code; undefined where the library is missing, or the text is too long for one. */
export async function drawQrCode(text: string): Promise<DrawnQrCode | undefined> {
  // Not a literal: bundlers and the type check leave what is optional alone.
  const name = 'qrcode';
  try {
    const { default: qr } = (await import(name)) as { default: QrCode };
    const options = { margin: 2, errorCorrectionLevel: 'M' } as const;
    const [terminal, svg] = await Promise.all([
      qr.toString(text, { ...options, type: 'utf8' }),
      qr.toString(text, { ...options, type: 'svg' }),
    ]);
    return { terminal, svg };
  } catch {
    return undefined;
  }
}
