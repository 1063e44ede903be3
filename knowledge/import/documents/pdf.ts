/** PDF: the text of every page through PDF.js (unpdf), with headings, paragraphs and tables found by their place on the page. */
import type { Problem } from '../problem.ts';
import type { Reading } from '../record.ts';
import { cmapText } from './pdf-cmaps.ts';
import { withoutFurniture } from './pdf-furniture.ts';
import { type Line, linesOf, type TextPiece } from './pdf-lines.ts';
import { markdownOf } from './pdf-text.ts';
import { documentRecord } from './policy.ts';
import { brokenFile, deadline, type ReadingContext, Unreadable } from './unreadable.ts';

type PdfDocument = Awaited<ReturnType<typeof import('unpdf')['getDocumentProxy']>>;

/** Reads a .pdf as one policy record; pages without text are named in a warning. Errors: `Unreadable`. */
export async function readPdf(bytes: Uint8Array, file: string, context: ReadingContext): Promise<Reading> {
  if (bytes.length === 0) throw new Unreadable('is empty');
  const inTime = deadline(context);
  const document = await open(bytes, context);
  try {
    if (document.numPages > context.limits.pages)
      throw new Unreadable(`has ${document.numPages} pages, more than ${context.limits.pages}; split it`);
    const { pages, unreadable, characters } = await readPages(document, context, inTime);
    if (characters === 0) throw new Unreadable('no page holds readable text; if it is a scan, put it through text recognition (OCR) first');
    const title = await titleIn(document);
    const problems = unreadable.length > 0 ? [pagesWithoutText(file, unreadable)] : [];
    return documentRecord({ file, body: markdownOf(withoutFurniture(pages)), problems, ...(title ? { metadataTitle: title } : {}) });
  } finally {
    await document.loadingTask.destroy();
  }
}

async function open(bytes: Uint8Array, { limits }: ReadingContext): Promise<PdfDocument> {
  const { getDocumentProxy } = await import('unpdf');
  const slow = timer(limits.milliseconds);
  // The parser takes the bytes over; the caller's stay its own.
  const opening = getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    useSystemFonts: false,
    disableFontFace: true,
    cMapPacked: false,
    useWorkerFetch: false,
    BinaryDataFactory: CharacterMaps,
  });
  try {
    return await Promise.race([opening, slow.rejection]);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw (error as Error).name === 'PasswordException' ? new Unreadable('is protected with a password') : brokenFile(error);
  } finally {
    slow.stop();
  }
}

/** What PDF.js asks for by name: character maps are made, fonts and the rest aren't needed for text. */
class CharacterMaps {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const text = kind === 'cMapUrl' ? cmapText(filename) : undefined;
    if (text === undefined) throw new Error(`not available: ${filename}`);
    return new TextEncoder().encode(text);
  }
}

function timer(milliseconds: number): { rejection: Promise<never>; stop: () => void } {
  let stop = (): void => {};
  const rejection = new Promise<never>((_, reject) => {
    const handle = setTimeout(() => reject(new Unreadable(`took longer than ${milliseconds / 1000} seconds to read`)), milliseconds);
    stop = () => clearTimeout(handle);
  });
  return { rejection, stop };
}

type Pages = { pages: Line[][]; unreadable: number[]; characters: number };

async function readPages(document: PdfDocument, { limits }: ReadingContext, inTime: () => void): Promise<Pages> {
  const pages: Line[][] = [];
  const unreadable: number[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    inTime();
    const lines = await linesOfPage(document, number);
    const length = lines.reduce((sum, line) => sum + line.text.length, 0);
    characters += length;
    if (characters > limits.characters) throw new Unreadable(`holds more than ${limits.characters} characters; split it`);
    if (length === 0) unreadable.push(number);
    pages.push(lines);
  }
  return { pages, unreadable, characters };
}

async function linesOfPage(document: PdfDocument, number: number): Promise<Line[]> {
  try {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const [, bottom = 0, , top = 0] = page.view;
    const lines = linesOf(
      items.filter((item): item is Extract<typeof item, TextPiece> => 'str' in item),
      { number, bottom, top },
    );
    page.cleanup();
    return isReadable(lines) ? lines : [];
  } catch {
    // A damaged page must not cost the others; it is named among the pages without text.
    return [];
  }
}

/** Fonts without a usable map give private and control characters: such a page has no text for us. */
function isReadable(lines: readonly Line[]): boolean {
  const text = lines.map((line) => line.text).join('');
  const bad = text.match(/[\p{Co}\p{Cc}\p{Cn}\uFFFD]/gu)?.length ?? 0;
  return bad * 4 <= text.length;
}

function pagesWithoutText(file: string, numbers: readonly number[]): Problem {
  const shown = numbers.length > 20 ? `${numbers.slice(0, 20).join(', ')} and ${numbers.length - 20} more` : numbers.join(', ');
  const what = numbers.length === 1 ? `page ${shown} has` : `pages ${shown} have`;
  return { file, message: `${what} no readable text (a scan, or damaged): not read`, severity: 'warning' };
}

async function titleIn(document: PdfDocument): Promise<string | undefined> {
  const info = (await document.getMetadata().catch(() => undefined))?.info as { Title?: unknown } | undefined;
  return typeof info?.Title === 'string' && info.Title.trim() !== '' ? info.Title : undefined;
}
