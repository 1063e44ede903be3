/** Readers of the parts of a guide that are more than one value: materials, situations, places, fees, steps. */
import { absent, choice, count, embeddedJson, isBlank, type Read, splitCell, text, type ValueReader } from './values.ts';

const numbering = /^\s*(?:[（(]?\d{1,2}[)）]|\d{1,2}\s*[.、．](?!\d)|[①-⑳])\s*/;
const noMaterial = /^(无需|不需要?|无须)(提供|提交)?(任何)?(申请)?材料[。.]?$/;

/** Field names inside a material object. */
const materialFields: Readonly<Record<string, readonly [names: readonly string[], read: ValueReader]>> = {
  name: [['name', 'materialName', '材料名称', '名称'], text],
  necessity: [
    ['necessity', '材料必要性', '必要性'],
    choice({ 必要: 'required', 必需: 'required', 非必要: 'conditional', 容缺后补: 'deferrable' }),
  ],
  copyType: [['copyType', '材料类型'], choice({ 原件: 'original', 复印件: 'copy', 原件和复印件: 'both', 原件及复印件: 'both' })],
  medium: [
    ['medium', '材料形式'],
    choice({ 纸质: 'paper', 电子: 'electronic', 电子化: 'electronic', 纸质和电子: 'both', 纸质或电子: 'both', 纸质或电子化: 'both' }),
  ],
  originalCount: [['originalCount', '原件份数', '纸质份数'], count],
  copyCount: [['copyCount', '复印件份数'], count],
  source: [
    ['source', '来源渠道', '材料来源', '材料来源渠道'],
    choice({
      申请人自备: 'applicant',
      政府部门核发: 'gov_issued',
      第三方出具: 'third_party',
      中介机构或法定机构产生: 'third_party',
      数据共享: 'data_sharing',
      告知承诺: 'commitment',
      其他: 'other',
    }),
  ],
  sourceNote: [['sourceNote', '来源渠道说明'], text],
  condition: [['condition', '需要的情形'], text],
  acceptStandard: [['acceptStandard', '受理标准'], text],
  fillNotes: [['fillNotes', '填报须知'], text],
  blankFormUrl: [['blankFormUrl', '空白表格'], text],
};

/** A material given as an object; our own names that need no reading (`scenarioIds`, `exempt`) pass through. */
function materialOf(given: Record<string, unknown>): Record<string, unknown> {
  const material: Record<string, unknown> = {};
  const used = new Set<string>();
  for (const [field, [names, read]] of Object.entries(materialFields)) {
    const name = names.find((candidate) => !isBlank(given[candidate]));
    for (const known of names) used.add(known);
    const result = name === undefined ? absent : read(given[name], name);
    if ('value' in result) material[field] = result.value;
    else if ('problem' in result && name !== undefined) material[field] = given[name];
  }
  for (const [key, value] of Object.entries(given)) if (!used.has(key)) material[key] = value;
  return material;
}

/** Names of materials, or objects; 无需材料 is an empty list. */
export const materials: ValueReader = (given) => {
  if (isBlank(given)) return absent;
  const value = embeddedJson(given);
  const entries = Array.isArray(value) ? value : splitCell(String(value), '\\n；;').map((entry) => entry.replace(numbering, ''));
  const list = entries.flatMap((entry) => {
    if (typeof entry === 'object' && entry !== null) return [materialOf(entry as Record<string, unknown>)];
    const name = String(entry).trim();
    return isBlank(name) || noMaterial.test(name) ? [] : [{ name }];
  });
  return list.length === 0 ? absent : { value: list };
};

/**
 * `[{name, materials}]` → scenarios and one list of materials that says for each which scenarios need it; a single 无情形 (or
 * unnamed) situation is no scenario. A material of all scenarios carries no scenario ids, which means the same.
 */
export const situations: ValueReader = (given) => {
  const value = embeddedJson(given);
  if (isBlank(value)) return absent;
  if (!Array.isArray(value)) return { problem: 'should be a list of {name, materials}' };
  const named = (value as { name?: unknown; 情形名称?: unknown; materials?: unknown; 申请材料?: unknown }[]).map((entry, index) => ({
    id: `s${index + 1}`,
    name: String(entry.name ?? entry.情形名称 ?? '').trim(),
    read: materials(entry.materials ?? entry.申请材料, ''),
  }));
  const single = named.length === 1 && (named[0]?.name === '' || named[0]?.name === '无情形');
  const merged = new Map<string, { material: Record<string, unknown>; ids: string[] }>();
  for (const { id, read } of named) {
    for (const material of 'value' in read ? (read.value as Record<string, unknown>[]) : []) {
      const key = JSON.stringify(material);
      const known = merged.get(key);
      if (!known) merged.set(key, { material, ids: [id] });
      else if (!known.ids.includes(id)) known.ids.push(id);
    }
  }
  const list = [...merged.values()].map(({ material, ids }) =>
    ids.length === named.length ? material : { ...material, scenarioIds: ids },
  );
  return { value: { scenarios: single ? [] : named.map(({ id, name }) => ({ id, name: name || id })), materials: list } };
};

/** Places, one a line or parted by ；: a line break in the middle of a ；-parted list is only a broken line. */
export const places: ValueReader = (given) => {
  if (isBlank(given)) return absent;
  const value = embeddedJson(given);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'object')) return { value };
  const whole = (Array.isArray(value) ? value.join('\n') : String(value)).trim().replace(/^(办理|受理)?(地点|地址)[:：]\s*/, '');
  const lines = /[；;]/.test(whole) ? whole.replace(/(?<![；;])\n(?!\s*\d{1,2}\s*[.、．])/g, '') : whole;
  const parts = outsideBrackets(lines).map((part) => part.replace(numbering, '').replace(/[。；;\s]+$/, ''));
  const names = parts.filter((part) => !isBlank(part));
  return names.length === 0 ? absent : { value: names.map((name) => ({ name })) };
};

/** Splits on ；, `|` and line breaks, but not inside brackets. */
function outsideBrackets(line: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of line) {
    if (/[（(]/.test(character)) depth += 1;
    if (/[）)]/.test(character)) depth = Math.max(0, depth - 1);
    if (character === '\n' || (depth === 0 && /[；;|]/.test(character))) {
      parts.push('');
      depth = 0;
    } else parts[parts.length - 1] += character;
  }
  return parts;
}

/** 不收费, 是, or the charge in words (40元/证), which is then the one fee. */
export const fee: ValueReader = (given) => {
  const value = embeddedJson(given);
  if (Array.isArray(value)) return value.length === 0 ? absent : { value: { isCharged: true, fees: value } };
  if (typeof value === 'boolean') return { value: { isCharged: value } };
  const words = String(value ?? '').trim();
  if (/^(否|不收费|免费|无收费|不收取(任何)?费用|不收|无|0|0\s*元|no|false)[。.]?$/i.test(words)) return { value: { isCharged: false } };
  if (/^(是|收费|有|yes|true)[。.]?$/i.test(words)) return { value: { isCharged: true } };
  if (isBlank(words)) return absent;
  if (!/\d|元/.test(words)) return { problem: `“${words}” doesn't say whether there is a fee` };
  return { value: { isCharged: true, fees: [{ name: '费用', standard: words }] } };
};

/** Lines of text → objects with the text under `key`; objects pass. */
export function linesAs(key: string): ValueReader {
  return (given): Read => {
    if (isBlank(given)) return absent;
    const value = embeddedJson(given);
    const entries = Array.isArray(value) ? value : splitCell(String(value), '\\n');
    const list = entries
      .filter((entry) => !isBlank(entry))
      .map((entry) => (typeof entry === 'object' ? entry : { [key]: String(entry).trim() }));
    return list.length === 0 ? absent : { value: list };
  };
}

/** Objects only (`[{"id": …}]`): what no plain text can say. */
export const objects: ValueReader = (given) => {
  if (isBlank(given)) return absent;
  const value = embeddedJson(given);
  return Array.isArray(value) ? { value } : { problem: 'should be a JSON list' };
};
