/**
 * Knowledge through langchain's interfaces: items as Documents, our way of cutting as a TextSplitter. Whoever has a splitter of their
 * own gives it to `splitItems`. Imported only where langchain is wanted: it takes a third of a second to load.
 */
import { Document } from '@langchain/core/documents';
import { RecursiveCharacterTextSplitter, TextSplitter, type TextSplitterParams } from '@langchain/textsplitters';
import { type Chunk, type ChunkOptions, chunkDocument } from './chunks.ts';
import { passagesOf } from './index/passages.ts';
import { type KnowledgeItem, titleOf } from './item.ts';

/** What every Document of ours says about where it comes from. */
export interface KnowledgeMetadata {
  itemId: string;
  kind: KnowledgeItem['kind'];
  title: string;
  heading?: string;
  path?: string[];
  element?: string;
  docNo?: string;
  department?: string;
  region?: string;
  validFrom?: string;
  validTo?: string;
  url?: string;
}

/** Cuts along headings, clauses and tables (see chunks.ts). `chunkSize` is the target, the longest piece two thirds more. */
export class KnowledgeTextSplitter extends TextSplitter {
  private readonly options: ChunkOptions;

  constructor(options: ChunkOptions = {}) {
    const target = options.target ?? 300;
    super({ chunkSize: options.max ?? Math.ceil((target * 5) / 3), chunkOverlap: 0, keepSeparator: true });
    this.options = { ...options, target, max: this.chunkSize };
  }

  static override lc_name(): string {
    return 'KnowledgeTextSplitter';
  }

  /** The texts alone; each begins with the headings it stands under, so that it can be understood by itself. */
  async splitText(text: string): Promise<string[]> {
    return this.chunks(text).map(withHeadings);
  }

  chunks(text: string): Chunk[] {
    return chunkDocument(text, this.options);
  }

  /** As langchain's, with `heading` and `path` in the metadata instead of line numbers, and the texts without their headings. */
  override async splitDocuments(documents: Document[]): Promise<Document[]> {
    return documents.flatMap(({ pageContent, metadata }) =>
      this.chunks(pageContent).map(
        ({ heading, path, text }) => new Document({ pageContent: text, metadata: { ...metadata, heading, path } }),
      ),
    );
  }
}

/**
 * langchain's recursive splitter made for Chinese: paragraphs, then sentences, then commas, and a mark stays with the sentence it
 * ends (langchain alone would open the next piece with it). For plain text without any structure.
 */
export class ChineseTextSplitter extends RecursiveCharacterTextSplitter {
  constructor(params: Partial<TextSplitterParams> = {}) {
    super({
      chunkSize: 300,
      chunkOverlap: 50,
      ...params,
      keepSeparator: true,
      separators: ['\n\n', '\n', '。', '！', '？', '；', '，', '、', ' ', ''],
    });
  }

  static override lc_name(): string {
    return 'ChineseTextSplitter';
  }

  protected override splitOnSeparator(text: string, separator: string): string[] {
    if (separator === '') return Array.from(text);
    const parts = text.split(separator);
    return parts.map((part, index) => (index < parts.length - 1 ? part + separator : part)).filter((part) => part !== '');
  }
}

/** `安澜市办法 > 第二章` above the text; a clause already begins with its number. */
function withHeadings({ heading, path, text }: Chunk): string {
  const above = path.filter((name) => !(name === heading && text.startsWith(heading)));
  return above.length === 0 ? text : `${above.join(' > ')}\n${text}`;
}

/** Items as Documents: a policy whole, the others as their passages (elements of a guide, an answer, a contact). */
export function toDocuments(items: readonly KnowledgeItem[]): Document<KnowledgeMetadata>[] {
  return items.flatMap((item) => {
    if (item.kind === 'policy') return [new Document({ id: item.id, pageContent: item.body, metadata: metadataOf(item) })];
    return passagesOf(item).map(
      ({ id, text, heading, element }) => new Document({ id, pageContent: text, metadata: { ...metadataOf(item), heading, element } }),
    );
  });
}

/** Items as Documents of the size that is searched; policies are cut by `splitter` (ours, or any other of langchain's interface). */
export async function splitItems(
  items: readonly KnowledgeItem[],
  splitter: TextSplitter = new KnowledgeTextSplitter(),
): Promise<Document[]> {
  const documents = toDocuments(items);
  const isWhole = ({ metadata }: Document<KnowledgeMetadata>): boolean => metadata.kind === 'policy';
  const pieces = await Promise.all(documents.map((document) => (isWhole(document) ? splitter.splitDocuments([document]) : [document])));
  return pieces.flat();
}

function metadataOf(item: KnowledgeItem): KnowledgeMetadata {
  const { department, region, validFrom, validTo, url } = item;
  const docNo = item.kind === 'policy' ? item.docNo : undefined;
  const stated = Object.entries({ docNo, department, region, validFrom, validTo, url }).filter(([, value]) => value !== undefined);
  return { itemId: item.id, kind: item.kind, title: titleOf(item), ...Object.fromEntries(stated) };
}
