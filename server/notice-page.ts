/** The printable page of a notice: one self-contained HTML file for paper (A4), large type and the keyboard. */
import { createHash } from 'node:crypto';
import type { Notice, NoticeMatter } from '../bot/answer/notice.ts';
import { fetchedLine, headline, materialLine, noticeWords, onlineLink, ownElements, placeLine } from '../bot/answer/notice-lines.ts';
import type { Texts } from '../bot/texts.ts';
import { escapeHtml } from '../eval/report/html.ts';

export interface PageSetting {
  readonly texts: Texts;
  readonly city: string;
  readonly assistant: string;
  readonly hotline: string;
  readonly hotlineHours: string;
  readonly sample: boolean;
  /** ISO date on which it is read. */
  readonly today: string;
}

const style = `
:root{color-scheme:light}
body{max-width:48rem;margin:0 auto;padding:1.5rem 1rem 3rem;font:1.2rem/1.75 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;color:#1a1a1a;background:#fff}
h1{font-size:1.7rem;line-height:1.35;margin:0 0 .5rem}
h2{font-size:1.35rem;margin:2rem 0 .5rem;border-bottom:2px solid #0b57a4;padding-bottom:.2rem}
h3{font-size:1.2rem;margin:1.5rem 0 .3rem}
p,ul,ol,dl{margin:.4rem 0}
li{margin:.35rem 0}
dt{font-weight:700;margin-top:.6rem}
dd{margin:0;white-space:pre-line}
.bring{list-style:none;padding-left:0}
.bring li{padding-left:2rem;text-indent:-2rem}
.bring li::before{content:"☐";display:inline-block;width:2rem;text-indent:0;font-size:1.3rem;line-height:1}
.note{color:#474747;font-size:1.05rem}
a{color:#0b57a4;overflow-wrap:anywhere}
a:focus-visible,button:focus-visible{outline:3px solid #0b57a4;outline-offset:3px}
button{font:inherit;padding:.5rem 1.4rem;border:0;border-radius:.4rem;background:#0b57a4;color:#fff;cursor:pointer}
@page{size:A4;margin:18mm 16mm}
@media print{body{max-width:none;padding:0;font-size:12.5pt;line-height:1.55}button{display:none}h2,h3{break-after:avoid}li,dd{break-inside:avoid}a[href]::after{content:"（" attr(href) "）"}a{color:inherit;text-decoration:none}}
`;
const script = `const b=document.querySelector("button");if(b){b.hidden=false;b.addEventListener("click",()=>print())}`;

const hash = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
/** Nothing is loaded from anywhere; only the style and the print button written here run. */
export const pageSecurity = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page of a notice. */
export function noticePage(notice: Notice, setting: PageSetting): string {
  const { texts } = setting;
  const titles = notice.matters.map((matter) => matter.title);
  const { bring, fetched } = notice.materials;
  const body = [
    `<h1>${escapeHtml(notice.title)}</h1>`,
    `<p class="note">${escapeHtml(`${setting.city}政务服务，${setting.assistant}按 ${setting.today} 公布的办事指南列出。${setting.sample ? '示例城市，地址、电话和网址都是虚构的。' : ''}`)}</p>`,
    '<button type="button" hidden>打印</button>',
    section(
      `${noticeWords.matters}${notice.lead === undefined ? '' : noticeWords.lead(notice.lead)}`,
      list('ol', notice.matters.map(headline)),
    ),
    section(
      texts.elements.materials,
      bring.length === 0
        ? paragraph(noticeWords.nothingToBring)
        : list(
            'ul class="bring"',
            bring.map((one) => materialLine(one, titles)),
          ),
    ),
    fetched.length === 0
      ? ''
      : section(
          noticeWords.fetched,
          list(
            'ul',
            fetched.map((one) => fetchedLine(one, titles)),
          ),
        ),
    notice.places.length === 0
      ? ''
      : section(
          texts.elements.place,
          list(
            'ul',
            notice.places.map((one) => placeLine(one, titles)),
          ),
        ),
    ...notice.matters.map((matter) => section(matter.title, matterDetails(matter, texts))),
    paragraph(`拿不准就先打电话问：${setting.hotline}（${setting.hotlineHours}）。`),
  ];
  return page(notice.title, body.join('\n'));
}

/** Instead of a notice whose time is over. */
export function gonePage({ hotline, hotlineHours }: Pick<PageSetting, 'hotline' | 'hotlineHours'>): string {
  const title = '这份清单已经过期';
  return page(
    title,
    `<h1>${title}</h1>${paragraph('办事的规定会变，旧清单不再显示，免得您按旧的白跑一趟。')}${paragraph('请回到对话里再问一次，马上给您列一份新的。')}${paragraph(`着急的话请打 ${hotline}（${hotlineHours}）。`)}`,
  );
}

function matterDetails(matter: NoticeMatter, texts: Texts): string {
  const told = (element: (typeof ownElements)[number]) =>
    matter.passages
      .filter((passage) => passage.element === element)
      .slice(0, 1)
      .map((passage) => `<dt>${escapeHtml(texts.elements[element])}</dt><dd>${escapeHtml(passage.text)}</dd>`);
  const summary = matter.passages.filter((passage) => passage.element === 'summary').map((passage) => paragraph(passage.text));
  const { bookUrl } = matter.guide;
  const forms = matter.guide.materials.flatMap(({ name, blankFormUrl }) => (blankFormUrl ? [link(blankFormUrl, `空白表格：${name}`)] : []));
  const online = onlineLink(matter);
  return [
    ...summary,
    `<dl>${ownElements.flatMap(told).join('')}</dl>`,
    ...(online === undefined ? [] : [link(online, texts.handleOnline)]),
    ...(bookUrl === undefined ? [] : [link(bookUrl, texts.bookVisit)]),
    ...forms,
  ].join('\n');
}

const section = (title: string, content: string): string => `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;
const link = (url: string, text: string): string => `<p><a href="${escapeHtml(url)}">${escapeHtml(text)}</a></p>`;
const list = (tag: string, lines: readonly string[]): string =>
  `<${tag}>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</${tag.split(' ')[0]}>`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>
${body}
</main><script>${script}</script></body></html>
`;
}
