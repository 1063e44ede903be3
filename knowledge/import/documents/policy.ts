/** A document's text → one policy record: Markdown body, title, and what the document says about itself. */
import { basename } from 'node:path';
import { clauseOf, outlineRanks } from '../../outline.ts';
import { idOfFile } from '../markdown.ts';
import type { Problem } from '../problem.ts';
import type { Reading } from '../record.ts';
import { factsOf } from './facts.ts';

export interface DocumentText {
  readonly file: string;
  /** Markdown; numbered headings need not be marked. */
  readonly body: string;
  readonly metadataTitle?: string;
  readonly problems?: readonly Problem[];
}

/** The record {id, title, body, docNo?, issuer?, publishedAt?, validFrom?, validTo?, source} of one document. */
export function documentRecord({ file, body: given, metadataTitle, problems = [] }: DocumentText): Reading {
  const marked = asMarkdown(given.split('\n'));
  const lines = marked.split('\n').filter((line) => line.trim() !== '' && !isPageMark(line));
  const plain = lines.map((line) => line.replace(/^#+\s+/, ''));
  const title = titleOfDocument(lines, metadataTitle) ?? basename(file).replace(/\.[^.]+$/, '');
  const value = { id: idOfFile(file), title, body: marked, ...factsOf(plain), source: basename(file) };
  return { records: [{ file, line: 1, value, form: 'cells', lineOf: () => 1 }], problems: [...problems] };
}

/** 〔第3页〕 on a line of its own: where page 3 of the original begins. */
export function pageMark(page: number): string {
  return `〔第${page}页〕`;
}
export function isPageMark(line: string): boolean {
  return /^〔第\d+页〕$/.test(line.trim());
}

/** Marks headings that only their numbering shows (第一章, 一、, （一）) with `#`, below the headings that are marked already. */
export function asMarkdown(given: readonly string[]): string {
  const lines = given.map((line) => line.trimEnd());
  const ranks = outlineRanks(lines);
  const marked = lines.flatMap((line) =>
    /^#{1,6}\s/.test(line) && outlineRanks([line.replace(/^#+\s+/, ''), '文'])[0] === undefined ? [/^#+/.exec(line)?.[0].length ?? 1] : [],
  );
  // One level is kept for the title; below it the ranks in use close up.
  const base = Math.min(4, Math.max(1, ...marked));
  const used = [...new Set(ranks.filter((rank) => rank !== undefined))].sort((a, b) => a - b);
  const text = lines.map((line, index) => {
    const rank = ranks[index];
    return rank === undefined ? line : `\n${'#'.repeat(Math.min(6, base + 1 + used.indexOf(rank)))} ${line.trim()}\n`;
  });
  return text
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const kinds =
  /(通知|办法|规定|规则|细则|意见|方案|条例|决定|公告|通告|指南|须知|规范|批复|函|纪要|措施|标准|指引|问答|解读|清单|一览表|法)(?:[（(](?:试行|暂行|草案|征求意见稿|\d{4}年[^）)]{0,8})[）)])?$/u;
const junk =
  /^(microsoft|untitled|无标题|未命名|文档\s*\d*|document\s*\d*|幻灯片|powerpoint|新建|附件\s*\d*|\d+)|\.(docx?|wps|pdf|pptx?|xlsx?|tmp|html?)$/i;

/**
 * The title: metadata that the text itself bears out (templates leave stale ones), else the first heading that is a title, else
 * the first lines where they read like one, else usable metadata.
 */
function titleOfDocument(lines: readonly string[], metadataTitle: string | undefined): string | undefined {
  const said = metadataTitle?.trim().replace(/\s+/g, ' ') ?? '';
  const usable = said !== '' && said.length <= 120 && !junk.test(said);
  const squeezed = (text: string): string => text.replace(/[\s#]/gu, '');
  if (usable && squeezed(lines.slice(0, 20).join('')).includes(squeezed(said))) return said;
  const isTitle = (line: string): boolean => !/文\s*件$/u.test(line) && !/号$/.test(line) && line.length <= 120;
  const headings = lines.filter((line) => /^#{1,3}\s/.test(line)).map((line) => line.replace(/^#+\s+/, ''));
  const named = headings.slice(0, 5).find((line) => isTitle(line) && kinds.test(line));
  const outlined = (line: string): boolean => outlineRanks([line, '文'])[0] !== undefined || clauseOf(line) !== undefined;
  return (
    named ??
    headings.slice(0, 5).find((line) => isTitle(line) && !outlined(line)) ??
    topLines(lines, isTitle) ??
    (usable ? said : undefined)
  );
}

/** `安澜市人民政府办公室` / `关于印发……` / `的通知` over two or three lines is one title. */
function topLines(lines: readonly string[], isTitle: (line: string) => boolean): string | undefined {
  const top = lines.slice(0, 8).filter((line) => !line.startsWith('|'));
  const first = top.findIndex((line) => kinds.test(line) && isTitle(line));
  // 关于印发……办法 / 的通知
  const end = first !== -1 && /^的/u.test(top[first + 1] ?? '') && kinds.test(top[first + 1] ?? '') ? first + 1 : first;
  if (end === -1)
    return top[0] !== undefined && isTitle(top[0]) && !/[。；：:，,]$/u.test(top[0]) && top[0].length <= 40
      ? top[0].replace(/^#+\s+/, '')
      : undefined;
  let start = end;
  while (
    start > 0 &&
    end - start < 3 &&
    /^[^。；：，]{2,40}$/u.test(top[start - 1] ?? '') &&
    isTitle(top[start - 1] ?? '') &&
    !/年.*日$/u.test(top[start - 1] ?? '')
  )
    start -= 1;
  // Only lines that belong together: the issuer's name, then 关于….
  const parts = top.slice(start, end + 1).map((line) => line.replace(/^#+\s+/, ''));
  const about = parts.findIndex((line) => line.startsWith('关于'));
  const joined = about > 0 ? parts.slice(about - 1) : about === 0 ? parts : parts.slice(-1);
  return joined.join('');
}
