/** Phones and addresses that differ for the same office or hall: one of them sends people to the wrong door. */
import { type Faq, type KnowledgeItem, type Place, titleOf } from '../item.ts';
import { normalise } from '../text/normalise.ts';
import { textsOf } from './facts.ts';
import type { Finding } from './finding.ts';
import { groupBy, type Matters } from './matters.ts';
import { keyOf } from './similar.ts';

/** Landlines with an area code; hotlines and mobiles are not compared. */
const landline = /(?<![\d-])0\d{2,3}-?\d{7,8}(?![\d-])/gu;
const address = /(?<road>[\p{Script=Han}]{2,8}?(?:大道|大街|路|街|巷))(?<number>\d+)号/gu;
/** Shorter names (窗口, 大厅) stand for many places. */
const properName = 6;

/** Places of one name with different data, and phones and addresses in texts that no entry has. */
export function contactData(matters: Matters, items: readonly KnowledgeItem[]): Finding[] {
  return [...samePlaces(matters), ...departmentPhones(matters, items), ...phonesInTexts(matters), ...addressesInTexts(matters)];
}

type Spot = {
  readonly item: KnowledgeItem;
  readonly name: string;
  readonly address?: string | undefined;
  readonly phone?: string | undefined;
};

function spotsOf({ guides, contacts }: Matters): Spot[] {
  const inGuides = guides.flatMap((guide) => guide.places.map((place: Place): Spot => ({ item: guide, ...place })));
  return [
    ...contacts.map((contact): Spot => ({ item: contact, name: contact.name, address: contact.address, phone: contact.phone })),
    ...inGuides,
  ];
}

/** A place named the same in one region has one address; its phone may differ from window to window, so only a listed hall's counts. */
function samePlaces(matters: Matters): Finding[] {
  const spots = spotsOf(matters).filter(({ name }) => name.length >= properName);
  const keys = new Map([...new Set(spots.map(({ name }) => name))].map((name) => [name, keyOf(name)]));
  const groups = groupBy(spots, ({ item, name }) => `${item.region ?? ''}|${keys.get(name)}`);
  return [...groups.values()].flatMap((group) => {
    const listed = group.some(({ item }) => item.kind === 'contact');
    return [...differing(group, 'address', '地址', keyOf), ...(listed ? differing(group, 'phone', '电话', digitsOf) : [])];
  });
}

function differing(spots: readonly Spot[], field: 'address' | 'phone', name: string, key: (value: string) => string): Finding[] {
  const written = new Map(spots.flatMap((spot) => (spot[field] === undefined ? [] : [[spot[field], spot] as const])));
  const values = new Map([...written].map(([value, spot]) => [key(value), spot]));
  const [first] = spots;
  if (!first || values.size < 2) return [];
  const shown = [...values.values()].slice(0, 3).map((spot) => `${spot[field]}（${titleOf(spot.item)}）`);
  return [
    {
      kind: 'contradiction',
      severity: 'error',
      items: [...new Set([...values.values()].map(({ item }) => item.id))],
      field: first.item.kind === 'contact' ? field : 'places',
      message: `“${first.name}”的${name}不一样：${shown.join(' / ')}。请核对后改成一致`,
    },
  ];
}

/** A guide's or FAQ's phone against the listed phone of its department. Windows and branches have their own, so both are only shown. */
function departmentPhones(matters: Matters, items: readonly KnowledgeItem[]): Finding[] {
  const listed = new Map(matters.contacts.flatMap((contact) => (contact.phone ? [[contact.name, contact] as const] : [])));
  const others = new Set(matters.contacts.flatMap((contact) => (contact.phone ? [digitsOf(contact.phone)] : [])));
  return items.flatMap((item): Finding[] => {
    const department = item.department === undefined ? undefined : listed.get(item.department);
    const [field, phone] =
      item.kind === 'guide' ? ['consultPhone', item.consultPhone] : item.kind === 'faq' ? ['phone', item.phone] : ['', undefined];
    if (!department?.phone || phone === undefined || samePhone(phone, department.phone)) return [];
    const own = item.kind === 'guide' ? item.places : [];
    if (others.has(digitsOf(phone)) || own.some((place) => place.phone !== undefined && samePhone(place.phone, phone))) return [];
    const message = `“${titleOf(item)}”的电话是 ${phone}，但${department.name}登记的是 ${department.phone}。请核对后改成一致`;
    return [{ kind: 'contradiction', severity: 'error', items: [item.id, department.id], field, message }];
  });
}

/** A landline in a FAQ or a guide's summary that stands in no other entry is most likely a slip. */
function phonesInTexts(matters: Matters): Finding[] {
  if (!matters.contacts.some((contact) => contact.phone)) return [];
  const known = new Set(
    [
      ...spotsOf(matters).map(({ phone }) => phone),
      ...matters.guides.flatMap((guide) => [guide.consultPhone, guide.complaintPhone]),
      ...matters.faqs.map(({ phone }) => phone),
    ].flatMap((text) => (text === undefined ? [] : phonesIn(text))),
  );
  return [...matters.faqs, ...matters.guides].flatMap((item): Finding[] => {
    const text = item.kind === 'faq' ? item.answer : textsOf([item.summary ?? '', item.process, item.acceptConditions]).join('\n');
    const strange = [...new Set(phonesIn(text).filter((phone) => !known.has(phone)))];
    return strange.map((phone) => ({
      kind: 'contradiction',
      severity: 'error',
      items: [item.id],
      field: item.kind === 'faq' ? 'answer' : 'process',
      message: `“${titleOf(item)}”里的电话 ${phone} 和所有部门、大厅、指南登记的都不一样。请核对，或先登记这个电话`,
    }));
  });
}

/** A house number in a FAQ that none of the entries has, on a road they do have. */
function addressesInTexts(matters: Matters): Finding[] {
  const known = new Map<string, Set<string>>();
  for (const spot of spotsOf(matters)) {
    for (const { road, number } of addressesIn(spot.address ?? '')) known.set(road, (known.get(road) ?? new Set()).add(number));
  }
  return matters.faqs.flatMap((faq: Faq): Finding[] =>
    addressesIn(faq.answer).flatMap(({ road, number }): Finding[] => {
      const numbers = known.get([...known.keys()].find((one) => road.endsWith(one) || one.endsWith(road)) ?? '');
      if (!numbers || numbers.has(number)) return [];
      const message = `“${faq.question}”里的地址“${road}${number}号”和所有部门、大厅登记的都不一样。请核对后改成一致`;
      return [{ kind: 'contradiction', severity: 'warning', items: [faq.id], field: 'answer', message }];
    }),
  );
}

function addressesIn(text: string): { road: string; number: string }[] {
  if (!/[号號]/u.test(text)) return [];
  const plain = normalise(text).replace(/\s+/g, '');
  return [...plain.matchAll(address)].map(({ groups }) => ({ road: roadOnly(groups?.road ?? ''), number: groups?.number ?? '' }));
}

/** 市东澜区示例大道 → 示例大道 */
const roadOnly = (road: string): string => road.replace(/^.*(?:市|区|县|在|到|去)(?=.{2})/u, '');

/** Only texts with digits enough are brought to one spelling. */
const phonesIn = (text: string): string[] => (/\p{Nd}{7}/u.test(text) ? (normalise(text).match(landline) ?? []).map(digitsOf) : []);
const digitsOf = (phone: string): string => normalise(phone).replace(/\D/g, '');

/** One field often lists several numbers. */
function samePhone(one: string, other: string): boolean {
  const [a, b] = [digitsOf(one), digitsOf(other)];
  return a.includes(b) || b.includes(a);
}
