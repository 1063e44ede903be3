/** The printable page of a notice: one self-contained HTML file for paper (A4), large type and the keyboard. */
import type { Notice, NoticeMatter } from '../bot/answer/notice.ts';
import { fetchedLine, headline, materialLine, noticeWords, onlineLink, ownElements, placeLine } from '../bot/answer/notice-lines.ts';
import type { Texts } from '../bot/texts.ts';
import { escapeHtml } from '../eval/report/html.ts';
import { page, paragraph, section } from './public-page.ts';

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

const link = (url: string, text: string): string => `<p><a href="${escapeHtml(url)}">${escapeHtml(text)}</a></p>`;
const list = (tag: string, lines: readonly string[]): string =>
  `<${tag}>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</${tag.split(' ')[0]}>`;
