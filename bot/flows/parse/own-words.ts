/** The words of a yes/no question's own buttons: 要交 / 不交 is answered by 交, 交吧, 交 500, 先不交 and 没法交. */
import type { Slot } from '../flow.ts';

type YesNoSlot = Pick<Extract<Slot, { type: 'yes_no' }>, 'label' | 'ask' | 'yesLabel' | 'noLabel'>;

/** What a label says beside its verb or noun: 还没|领, 要|换, 备|过. */
const labelLead = /^(?:还没有?|没有?|未|不|先|暂时|暂|已经|已|都|要|想|在|还|也)+/;
const aspect = '[了过着的啊呀哦呢吧嘛呗]';
/** So general that they say nothing about this question; plain yes and no are read elsewhere. */
const general = /^[是有要想用能会行好对可]?$/;
/** What may follow a verb of one character, beside what the question itself speaks of. 请问 and 取消 are other words. */
const complement = new RegExp(`^(?:$|${aspect}|[好完齐成到上下出进回去来给得不]|[\\d一两二三四五六七八九十百千几半]|[这那它些点个新人])`);
const denial = /没有?|不|未|别|甭|无/g;
const noDenial = /没错|没问题|没关系|没事|不错|不过|不好意思|差不多|无所谓/g;
/** 换不换都行, 领没领: says neither. */
const either = /(.)[不没]\1|都行|都可以|随便|还是.*[不没]/;
const intended = /准备|打算|正要|正想|马上|快要?|明天|后天|下(?:周|个?月|半?年)|将|即将|会|等|[想要](?!.*了$)/;
const bygone = /以前|原来|之前|过去|曾经/;

const partsOf = (label: string): string[] =>
  label
    .toLowerCase()
    .split(/[，,。；;、\s]+/u)
    .filter(Boolean);

/** The words that carry the question: 要交 / 不交 → 交; 想申请 → 申请; 要 / 不用 → none. */
function stems(slot: YesNoSlot): string[] {
  const bare = [slot.yesLabel, slot.noLabel].map((label) =>
    (partsOf(label)[0] ?? '').replace(labelLead, '').replace(new RegExp(`${aspect}+$`), ''),
  );
  return [...new Set(bare)].filter((stem) => !general.test(stem));
}

/** Whether a clause uses a stem as a word of this question, not as part of another word. */
function uses(slot: YesNoSlot, stem: string, clause: string): boolean {
  const about = `${slot.label}${slot.ask}`;
  for (let at = clause.indexOf(stem); at >= 0; at = clause.indexOf(stem, at + 1)) {
    const after = clause.slice(at + stem.length);
    if (stem.length > 1 || complement.test(after) || (after[0] !== undefined && about.includes(after[0]))) return true;
  }
  return false;
}

/**
 * What one clause says in the words of the slot's labels: yes, no, neither for sure, or undefined where it uses none of them.
 * Input: normalised text without sentence marks.
 */
export function inOwnWords(slot: YesNoSlot, clause: string): boolean | 'unclear' | undefined {
  if (partsOf(slot.yesLabel).includes(clause)) return true;
  if (partsOf(slot.noLabel).includes(clause)) return false;
  if (!stems(slot).some((stem) => uses(slot, stem, clause))) return undefined;
  if (either.test(clause)) return 'unclear';
  const denials = clause.replace(noDenial, '').match(denial)?.length ?? 0;
  if (denials > 0) return denials === 1 ? false : 'unclear';
  // 准备领 answers 领了吗 no more than 以前交过 answers 在交吗.
  const label = partsOf(slot.yesLabel)[0] ?? '';
  if (/[了过]$/.test(label) && intended.test(clause)) return 'unclear';
  return label.startsWith('在') && bygone.test(clause) ? 'unclear' : true;
}

/** The option of a choice between a thing and its denial (已经领了 / 还没领) that an answer names in their words. */
export function polarOption(slot: Extract<Slot, { type: 'choice' }>, plain: string): string | undefined {
  const [first, second] = slot.options;
  if (slot.options.length !== 2 || !first || !second) return undefined;
  const denies = [first, second].map((option) => /^(?:还|暂时)*[没未不]/.test(option.label));
  if (denies[0] === denies[1]) return undefined;
  const [yes, no] = denies[0] ? [second, first] : [first, second];
  const polar = { label: slot.label, ask: slot.ask, yesLabel: yes.label, noLabel: no.label };
  if (stems(polar).length !== 1) return undefined;
  const said = new Set(partsOf(plain.replace(/[?？!！~～]+$/u, '')).map((part) => inOwnWords(polar, part)));
  if (/[?？吗]|什么|怎么|不知道/.test(plain) || said.has('unclear') || said.has(true) === said.has(false)) return undefined;
  return said.has(true) ? yes.value : no.value;
}
