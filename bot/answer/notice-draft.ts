/** A notice as a message: every line bears the marks of the guides it was made from. */
import type { Texts } from '../texts.ts';
import { Citations, type Draft, type QuickReply } from './draft.ts';
import type { Notice, NoticeMatter } from './notice.ts';
import { fetchedLine, headline, materialLine, onlineLink, ownElements, placeLine, noticeWords as words } from './notice-lines.ts';

/** More buttons than this hide the first ones. */
const mostBookings = 3;

/** The message; its title stands in a line of its own before it. Each matter is one source, numbered as in the list of matters. */
export function noticeDraft(notice: Notice, texts: Texts): Draft {
  const citations = new Citations();
  const sources = new Map(notice.matters.map(({ guide, source }) => [guide.id, citations.mark(source)]));
  const marks = (guides: readonly { readonly guide: string }[]) => [...new Set(guides.map(({ guide }) => sources.get(guide)))].join('');
  const { bring, fetched } = notice.materials;
  const titles = notice.matters.map((matter) => matter.title);
  const sections = [
    [
      `**${words.matters}**${notice.lead === undefined ? '' : words.lead(notice.lead)}`,
      ...notice.matters.map((matter, i) => `${i + 1}. ${headline(matter)} ${sources.get(matter.guide.id)}`),
    ],
    [
      `**${texts.elements.materials}**`,
      ...(bring.length === 0 ? [words.nothingToBring] : []),
      ...bring.map((one, i) => `${i + 1}. ${materialLine(one, titles)} ${marks(one.needs)}`),
    ],
    fetched.length === 0 ? [] : [`**${words.fetched}**`, ...fetched.map((one) => `- ${fetchedLine(one, titles)} ${marks(one.needs)}`)],
    notice.places.length === 0
      ? []
      : [`**${texts.elements.place}**`, ...notice.places.map((one) => `- ${placeLine(one, titles)} ${marks(one.windows)}`)],
    ...notice.matters.map((matter) => [`**${matter.title}** ${sources.get(matter.guide.id)}`, ...ownLines(matter, texts)]),
  ];
  return {
    text: sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
    citations: citations.list,
    quickReplies: bookings(notice, texts),
    origin: 'guide',
  };
}

function ownLines(matter: NoticeMatter, texts: Texts): string[] {
  // Some amounts stand in the guide's sentence about itself only.
  const summary = matter.passages.filter((one) => one.element === 'summary').map((one) => one.text);
  const lines = ownElements.flatMap((element) => {
    const [passage] = matter.passages.filter((one) => one.element === element);
    if (!passage) return [];
    const { text } = passage;
    return text.includes('\n') ? [`${texts.elements[element]}：`, text] : [`${texts.elements[element]}：${text}`];
  });
  const link = onlineLink(matter);
  return [...summary, ...lines, ...(link === undefined ? [] : [`[${texts.handleOnline}](${link})`])];
}

function bookings({ matters }: Notice, texts: Texts): QuickReply[] {
  const byUrl = new Map(matters.flatMap(({ guide, title }) => (guide.bookUrl ? [[guide.bookUrl, title] as const] : [])));
  return [...byUrl].slice(0, mostBookings).map(([url, title]) => ({
    kind: 'open' as const,
    title: byUrl.size === 1 ? texts.bookVisit : `${texts.bookVisit}：${title}`,
    url,
  }));
}
