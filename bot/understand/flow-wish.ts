/** Flows that a message asks for by what they do — a list, a look at one's own case, news of an application — whatever else it says. */
import { type NameMatch, NameMatcher } from '../../knowledge/index/names.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { askedElements } from '../answer/elements.ts';
import type { Retrieved } from '../answer/retrieve.ts';
import type { Flow } from '../flows/schema.ts';

/** 列个清单, 手续列给我, 一步一步带我办. */
const list =
  /(?:列|开|给|出|要|来|做|发|整理).{0,12}(?:清单|单子)|清单.{0,4}(?:列|发|给我)|(?<!负面|权责|权力)清单[吧呗啊]*$|(?:手续|要办的|步骤|流程|材料).{0,4}[列理写](?:给我|出来|一下|一列|全)|一步一?步|手把手|(?:带|领|陪)着?我(?:去)?(?:办|走)/;
/** The words of the wish itself, the same for every matter. */
const wishWords =
  /(?:请|麻烦|能不能|想|要)?(?:你|您)?(?:帮|给|替|为)(?:我|我们|忙)|[列开出发写整理]+(?:一|个|份|张|下|给我|出来|全)*|(?:一?[份张个])?(?:清单|单子)|一步一?步[地的]?|手把手[地的]?|(?:带|领|陪)着?(?:我们?)?(?:去)?(?:[办走弄](?:一遍|一下|完)?)?|教我|告诉我|(?:要|该|需要)办的?|办理|手续|步骤|流程|的?事情?|一起|哪些|什么/gu;
const shortestMatter = 2;
/** One thing to know, however much the rest resembles a flow. */
const facts = new Set(['fee', 'time', 'place', 'phone']);

/** 我这情况办得了居住证不: asks about the one who writes, not for the rule. */
const ownCase = /我(?!们国)|帮.{0,2}看|俺/;
const verdict =
  /够不够|符不符合|合不合格|(?<!怎么|怎样|什么|哪些|需要)(?:算)?符合.{0,10}(?:吗|不|没|么)|够(?:不够)?(?:条件|资格).{0,8}(?:吗|不|没|么)|办得了|办不办得|能不能(?:在.{1,4})?(?:办|申领|申请)(?!事)|有没有资格|够格/;
/** Asks for the rule, or for somebody else's errand. */
const rule = /什么(?:条件|资格|材料)|哪些条件|条件(?:是|有)|多少|多久|几天|哪里|在哪|怎么|如何|代办|替|网上|线上|手机上/;
/** 我要查进度, 用受理编号查一下, 材料交了好久了现在什么情况. */
const news =
  /(?:查|看|问|了解).{0,8}(?:进度|进展|办到哪|批到哪|办得怎么样|办好没|什么情况|啥情况)|(?:受理|办件|业务|回执)(?:编)?号码?.{0,4}查|(?:办|批|审)到哪(?:一步|里|儿|了)|(?:材料|资料|申请|表).{0,4}(?:交|递|报)(?:上去|了|完).{0,14}(?:什么情况|怎么样了|没消息|没动静|没下文|到哪)/;
const otherNews = /怎么查|如何查|在哪|哪里|能查吗|录取|摇号|轮候|排队|贷款|退税|快递|物流|打什么电话/;

const asks: Readonly<Record<Flow['kind'], (plain: string) => boolean>> = {
  checklist: (plain) => list.test(plain),
  eligibility: (plain) => ownCase.test(plain) && verdict.test(plain) && !rule.test(plain),
  progress: (plain) => news.test(plain) && !otherNews.test(plain),
  one_thing: (plain) => list.test(plain),
  other: () => false,
};

/** A flow whose examples are this near is about the same matter; less near where its guide is among the first few that fit. */
const sameMatter = 0.5;
const likelyMatter = 0.4;
const firstFew = 3;

/** Asks only what it costs, how long it takes, where or on which number: a flow is no answer. Input: `Lexicon.plain` of the message. */
export const asksOneFact = (plain: string): boolean => !list.test(plain) && askedElements(plain).some((element) => facts.has(element));

/** 结婚手续给我列个清单 → 结婚; the whole text where nothing would be left. */
function withoutWish(plain: string): string {
  const matter = plain.replace(wishWords, '').replace(/[\p{P}\s]+/gu, '');
  return matter.length >= shortestMatter ? matter : plain;
}

/** The matters of the flows' examples, made once for each set of flows. */
const matchers = new WeakMap<readonly Flow[], NameMatcher>();
function mattersOf(flows: readonly Flow[], lexicon: Lexicon): NameMatcher {
  const known = matchers.get(flows);
  if (known) return known;
  const named = flows.flatMap(({ id, name, examples }) =>
    [name, ...examples].map((text) => ({ id, text: withoutWish(lexicon.plain(text)) })),
  );
  const made = new NameMatcher(named, lexicon);
  matchers.set(flows, made);
  return made;
}

/**
 * `matches` with the flow first that the message asks for, at similarity 1: asked for in so many words and about the matter in question
 * (its guide is the one that fits best, or its examples are near, the words of the wish aside). Input: the message's text.
 */
export function withWishedFlow(
  text: string,
  { flows, lexicon }: { flows: readonly Flow[]; lexicon: Lexicon },
  matches: readonly NameMatch[],
  found: Retrieved,
): NameMatch[] {
  const plain = lexicon.plain(text);
  const able = flows.filter((flow) => asks[flow.kind](plain));
  if (able.length === 0) return [...matches];
  const guides = found.candidates.flatMap(({ item }) =>
    item.kind === 'guide' ? [item.id] : item.kind === 'faq' && item.guideId ? [item.guideId] : [],
  );
  const matters = mattersOf(flows, lexicon).match(withoutWish(plain), flows.length);
  const near = (flow: Flow) => Math.max(0, ...[...matches, ...matters].filter(({ id }) => id === flow.id).map((match) => match.similarity));
  const [wished] = able
    .filter(
      (flow) =>
        flow.guide === undefined ||
        flow.guide === guides[0] ||
        near(flow) >= (guides.slice(0, firstFew).includes(flow.guide) ? likelyMatter : sameMatter),
    )
    .sort((a, b) => near(b) - near(a));
  if (!wished) return [...matches];
  return [{ id: wished.id, name: wished.name, similarity: 1 }, ...matches.filter((match) => match.id !== wished.id)];
}
