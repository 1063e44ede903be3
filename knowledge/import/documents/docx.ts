/** Word documents: mammoth turns them into HTML, which is read like a page. Deleted and hidden text, headers and images stay out. */
import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import { readHtml } from '../html.ts';
import type { Reading } from '../record.ts';
import { officeParts } from './office.ts';
import { documentRecord } from './policy.ts';
import { brokenFile, type ReadingContext, Unreadable } from './unreadable.ts';
import { writeNumbers } from './word-numbering.ts';
import { decodeXml } from './xml.ts';

const wanted = /^(\[Content_Types\]\.xml|_rels\/.*|docProps\/core\.xml|word\/(_rels\/.*|[^/]+\.xml))$/;
const unused = /^word\/(header|footer|theme|fontTable|settings|webSettings|glossary|comments)/;
/** Titles in the ways Chinese and English Word call the style. */
const titles = ['Title', '标题', '文档标题', '公文标题'].map((name) => `p[style-name='${name}'] => h1:fresh`);

/** Reads a .docx as one policy record. Errors: `Unreadable`. */
export async function readDocx(bytes: Uint8Array, file: string, { limits }: ReadingContext): Promise<Reading> {
  const parts = officeParts(bytes, (name) => wanted.test(name) && !unused.test(name), limits.unpackedBytes);
  const main = [...parts.keys()].find((name) => /^word\/document\d*\.xml$/.test(name));
  if (main === undefined) throw new Unreadable('is broken: it holds no Word document');
  if ((parts.get(main)?.length ?? 0) > limits.wordBytes) throw new Unreadable('is too long for one document; split it');
  const numbered = writeNumbers(parts);
  numbered.set(main, withoutHidden(numbered.get(main) ?? ''));
  const html = await toHtml(numbered);
  const page = readHtml(html, file);
  const value = page.records[0]?.value as { body: string } | undefined;
  if (!value) throw new Unreadable(html.trim() === '' ? 'holds no text (only pictures?)' : (page.problems[0]?.message ?? 'holds no text'));
  const title = /<dc:title>([^<]*)<\/dc:title>/.exec(parts.get('docProps/core.xml') ?? '')?.[1];
  return documentRecord({ file, body: value.body.replaceAll('↑', ''), ...(title ? { metadataTitle: decodeXml(title) } : {}) });
}

async function toHtml(parts: ReadonlyMap<string, string>): Promise<string> {
  // Packed again without pictures and embedded files: nothing but the checked text parts reaches the converter.
  const zip = zipSync(Object.fromEntries([...parts].map(([name, xml]) => [name, new TextEncoder().encode(xml)])), { level: 0 });
  try {
    const image = mammoth.images.imgElement(async () => ({ src: '' }));
    const options = { styleMap: titles, convertImage: image, externalFileAccess: false, includeEmbeddedStyleMap: false };
    return (await mammoth.convertToHtml({ buffer: Buffer.from(zip) }, options)).value;
  } catch (error) {
    throw brokenFile(error);
  }
}

/** What Word doesn't show must not be told to citizens: the text of runs marked hidden is emptied, the marks stay well formed. */
function withoutHidden(xml: string): string {
  if (!xml.includes('<w:vanish')) return xml;
  return xml
    .split('<w:rPr>')
    .map((piece, index) => {
      const look = piece.slice(0, piece.indexOf('</w:rPr>'));
      if (index === 0 || !/<w:vanish(?:\s+w:val="(?:1|true|on)")?\s*\/>/.test(look)) return piece;
      const end = piece.search(/<\/w:r>|<w:r[ >]/);
      const run = end === -1 ? piece : piece.slice(0, end);
      return run.replace(/(<w:t(?:\s[^>]*)?>)[^<]*/g, '$1') + piece.slice(run.length);
    })
    .join('<w:rPr>');
}
